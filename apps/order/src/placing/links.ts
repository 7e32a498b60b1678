import type { OrderEnvironment } from '../order-environment';
import type { PlacedOrder } from './order-placing';
import type { OrderLinks } from './placing-messages';

/** The links that follow the order: here, and step by step at the orchestrator. */
export function linksOf(
  { orderId, sagaId }: PlacedOrder,
  hasWebhook: boolean,
  { PUBLIC_URL_ORCHESTRATOR: orchestrator }: OrderEnvironment,
): OrderLinks {
  const webhook = hasWebhook ? { webhookDeliveries: `/orders/${orderId}/webhook-deliveries` } : {};
  const saga = orchestrator === undefined ? {} : { saga: `${orchestrator}/v1/sagas/${sagaId}` };
  return { order: `/orders/${orderId}`, events: `/orders/${orderId}/events`, ...webhook, ...saga };
}
