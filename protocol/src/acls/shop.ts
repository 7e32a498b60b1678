import * as contracts from '@palinode/contracts';
import type { SecuredSystem } from '@palinode/saga/asyncapi';
import { holdEvents, publishedBy } from '@palinode/saga/contract';
import { definitions } from '../../../apps/orchestrator/src/definitions';

const { orderApproved, orderCancelled, orderPlaced, orderRejected, orderRevised, stockLow } = contracts;
const orderEvents = [orderApproved, orderCancelled, orderPlaced, orderRejected, orderRevised];

/** The shop: its definitions, and who starts sagas, publishes events and subscribes to them. */
export function shopSystem(name: string | undefined): SecuredSystem {
  const orchestrator = name === undefined ? {} : { name };
  const lifecycleOf = name ?? 'saga';
  const startedHere = { orchestrator: name };
  return {
    orchestrators: [{ ...orchestrator, definitions }],
    services: [
      {
        name: 'order',
        // Place, cancel and revise an order; the customer's consent.
        starts: [startedHere],
        publishes: orderEvents,
        followsOwnEvents: true,
        subscribes: [{ group: 'order-outages', events: holdEvents.map((event) => publishedBy(lifecycleOf, event)) }],
      },
      { name: 'inventory', publishes: [stockLow] },
      { name: 'notifications', subscribes: [{ group: 'notifications', events: orderEvents }] },
      // One group for each generation of its tables.
      { name: 'reporting', subscribes: [{ group: 'reporting.', isPrefix: true, events: orderEvents }] },
    ],
  };
}
