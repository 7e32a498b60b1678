import {
  customerConsent,
  orderApproved,
  orderCancelled,
  orderPlaced,
  orderRejected,
  orderRevised,
  stockLow,
} from '@palinode/contracts';
import type { SecuredSystem } from '@palinode/saga/asyncapi';
import { DEFAULT_ORCHESTRATOR } from '@palinode/saga/internal/contract';
import { holdEvents, publishedBy } from '@palinode/saga/contract';
import { definitions } from '../../../apps/orchestrator/src/definitions';

const orderEvents = [orderApproved, orderCancelled, orderPlaced, orderRejected, orderRevised];

/** The shop: its definitions, and who starts sagas, publishes events and subscribes to them. */
export function shopSystem(orchestrator: string): SecuredSystem {
  const holds =
    orchestrator === DEFAULT_ORCHESTRATOR ? holdEvents : holdEvents.map((each) => publishedBy(orchestrator, each));
  return {
    orchestrators: [{ name: orchestrator, definitions }],
    services: [
      {
        name: 'order',
        starts: [...definitions, customerConsent].map((each) => ({ ...each, orchestrator })),
        publishes: orderEvents,
        followsOwnEvents: true,
        subscribes: [{ group: 'order-outages', events: holds }],
      },
      { name: 'inventory', publishes: [stockLow] },
      { name: 'notifications', subscribes: [{ group: 'notifications', events: orderEvents }] },
      // One group for each generation of its tables.
      { name: 'reporting', subscribes: [{ group: 'reporting.', isPrefix: true, events: orderEvents }] },
    ],
  };
}
