/* Valid messages of every type that the shop's services exchange, generated from their contracts. */
import {
  authorizePayment,
  beginRevision,
  cancelOrder,
  capturePayment,
  commitStock,
  confirmOrder,
  customerConsent,
  dropCancellation,
  dropRevision,
  endRevision,
  finishCancellation,
  finishRevision,
  orderApproved,
  orderCancelled,
  orderPlaced,
  orderRejected,
  orderRevised,
  placeOrder,
  refundPayment,
  rejectOrder,
  releaseStock,
  reserveStock,
  returnStock,
  reversePayment,
  reviseOrder,
  stockLow,
  voidPayment,
} from '@palinode/contracts';
import { lifecycleEvents, type CommandContract, type EventContract } from '@palinode/saga/contract';
import {
  ACKNOWLEDGEMENT,
  ACKNOWLEDGEMENTS,
  commandTopic,
  DEAD_LETTERS,
  eventTopic,
  ORCHESTRATOR_COMMANDS,
  replyTopic,
  SIGNAL_SAGA,
  START_SAGA,
  UNDO_SAGA,
} from '@palinode/saga/internal/contract';
import { standIn } from './stand-ins';

export type Attributes = Readonly<Record<string, unknown>>;

/** A message of one type: its topic, and its n-th document. */
export interface Document {
  readonly what: string;
  readonly topic: string;
  readonly says: (n: number) => Attributes;
  readonly headers?: Readonly<Record<string, string>>;
}

const orderId = (n: number): string => standIn('order', n);
const lines = [{ sku: 'SKU-CUP', quantity: 1 }];
const articles = [{ sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 1, unitPriceCents: 450 }];
const placed = (n: number): Attributes => ({
  orderId: orderId(n),
  customerId: 'fuzz',
  lines: articles,
  totalCents: 450,
  currency: 'EUR',
});
const withReason = (n: number): Attributes => ({ orderId: orderId(n), reason: 'out-of-stock' });
const revision = (n: number): Attributes => ({ orderId: orderId(n), revisionId: standIn('fresh', n) });

const commands: readonly (readonly [CommandContract, (n: number) => Attributes])[] = [
  [reserveStock, (n) => ({ orderId: orderId(n), lines })],
  [releaseStock, (n) => ({ orderId: orderId(n) })],
  [commitStock, (n) => ({ orderId: orderId(n) })],
  [returnStock, (n) => ({ orderId: orderId(n), lines })],
  [
    authorizePayment,
    (n) => ({ orderId: orderId(n), customerId: 'fuzz', amountCents: 450, currency: 'EUR', paymentToken: 'tok_ok' }),
  ],
  [voidPayment, (n) => ({ orderId: orderId(n) })],
  [capturePayment, (n) => ({ orderId: orderId(n), authorizationId: standIn('fresh', n) })],
  [refundPayment, (n) => ({ orderId: orderId(n) })],
  [reversePayment, (n) => ({ orderId: orderId(n), amountCents: 1 })],
  [confirmOrder, (n) => ({ orderId: orderId(n) })],
  [rejectOrder, withReason],
  [finishCancellation, (n) => ({ orderId: orderId(n) })],
  [dropCancellation, withReason],
  [beginRevision, revision],
  [endRevision, revision],
  [dropRevision, (n) => ({ ...revision(n), reason: 'out-of-stock' })],
  [finishRevision, revision],
];

const starts: readonly (readonly [string, (n: number) => Attributes])[] = [
  [
    placeOrder.name,
    (n) => ({
      orderId: orderId(n),
      customerId: 'fuzz',
      lines,
      amountCents: 450,
      currency: 'EUR',
      paymentToken: 'tok_ok',
    }),
  ],
  [cancelOrder.name, (n) => ({ orderId: orderId(n), lines })],
  [reviseOrder.name, (n) => ({ ...revision(n), paymentToken: 'tok_ok' })],
];

const events: readonly (readonly [EventContract, (n: number) => Attributes])[] = [
  [orderPlaced, placed],
  [orderApproved, placed],
  [orderRejected, (n) => ({ orderId: orderId(n), customerId: 'fuzz', reason: 'out-of-stock' })],
  [orderCancelled, placed],
  [orderRevised, (n) => ({ ...placed(n), linesBefore: articles, totalCentsBefore: 450, revision: 2 })],
  [stockLow, () => ({ sku: 'SKU-CUP', available: 1, threshold: 5 })],
  ...lifecycleEvents.map((event): readonly [EventContract, (n: number) => Attributes] => [
    event,
    (n) => ({ sagaId: standIn('saga', n), definition: 'place-order', version: 1, businessKey: orderId(n) }),
  ]),
];

/** Every type of message; a seed depends on the order of the list. */
export const documents: readonly Document[] = [
  ...commands.flatMap(([contract, data]) => commandsOf(contract, data)),
  ...['order', 'payment', 'inventory'].flatMap(repliesOf),
  ...starts.flatMap(([saga, input]) => startsOf(saga, input)),
  signal(),
  acknowledgement(),
  ...events.map(([contract, data]) => event(contract, data)),
  letter(),
];

function commandsOf({ type, service }: CommandContract, data: (n: number) => Attributes): Document[] {
  const topic = commandTopic(service);
  const says = (n: number): Attributes => ({
    ...envelope(type, n),
    sagastep: 'step',
    sagadirection: 'action',
    sagaattempt: 1,
    replyto: replyTopic(service),
    data: data(n),
  });
  const undoing = (n: number): Attributes => ({
    ...says(n),
    sagadirection: 'compensation',
    undoes: standIn('command', n),
  });
  return [
    { what: type, topic, says },
    { what: `${type} that undoes`, topic, says: undoing },
  ];
}

/** Replies to the latest command of a target's saga, which waits for one of them. */
function repliesOf(service: string): Document[] {
  const step = { payment: 'payment', inventory: 'stock', order: 'confirmation' }[service];
  const reply = (outcome: string, data: Attributes | null) => ({
    what: `a reply of ${service}: ${outcome}`,
    topic: replyTopic(service),
    says: (n: number): Attributes => ({
      ...envelope(`${service}.reply.v1`, n),
      sagaid: standIn('saga', n),
      sagastep: step,
      sagadirection: 'action',
      inreplyto: standIn('command', n),
      outcome,
      data: data && { ...data, reservationId: standIn('fresh', n), authorizationId: standIn('fresh', n) },
    }),
  });
  return [
    reply('success', {}),
    reply('refusal', { reason: 'card-declined', detail: 'no' }),
    reply('failure', { reason: 'handler-failed', detail: 'it broke' }),
    reply('success', null),
  ];
}

function startsOf(saga: string, input: (n: number) => Attributes): Document[] {
  const toOrchestrator = (what: string, type: string, more: (n: number) => Attributes): Document => ({
    what: `${what} ${saga}`,
    topic: ORCHESTRATOR_COMMANDS,
    says: (n) => ({ ...envelope(type, n), data: { saga, input: input(n), ...more(n) } }),
  });
  const parent = (n: number): Attributes => ({
    sagaId: standIn('saga', n),
    step: 'payment',
    commandId: standIn('command', n),
  });
  return [
    toOrchestrator('a start of', START_SAGA, () => ({})),
    toOrchestrator('a start with a version of', START_SAGA, () => ({ version: 1 })),
    toOrchestrator('a start with a parent of', START_SAGA, (n) => ({ parent: parent(n) })),
    toOrchestrator('an undo of', UNDO_SAGA, (n) => ({ version: 1, parent: parent(n) })),
  ];
}

function signal(): Document {
  const says = (n: number): Attributes => ({
    ...envelope(SIGNAL_SAGA, n),
    sagaid: standIn('saga', n),
    data: { signal: customerConsent.name, payload: { accepted: true } },
  });
  return { what: 'a signal', topic: ORCHESTRATOR_COMMANDS, says };
}

function acknowledgement(): Document {
  const says = (n: number): Attributes => ({
    ...envelope(ACKNOWLEDGEMENT, n),
    sagaid: undefined,
    data: { to: '/palinode/order', ids: [standIn('fresh', n), standIn('saga', n)] },
  });
  return { what: 'an acknowledgement', topic: ACKNOWLEDGEMENTS, says };
}

function event({ type, service }: EventContract, data: (n: number) => Attributes): Document {
  const says = (n: number): Attributes => ({ ...envelope(type, n), sagaid: undefined, data: data(n) });
  return { what: type, topic: eventTopic(service), says };
}

function letter(): Document {
  return {
    what: 'a dead letter',
    topic: DEAD_LETTERS,
    says: (n) => ({ ...envelope(voidPayment.type, n), data: { orderId: orderId(n) } }),
    headers: {
      reason: 'unknown-type',
      detail: 'payment handles no such thing.',
      service: 'payment',
      'original-topic': 'payment.commands',
      'original-partition': '0',
      'original-offset': '7',
      'original-bytes': '300',
    },
  };
}

function envelope(type: string, n: number): Attributes {
  return {
    specversion: '1.0',
    id: standIn('fresh', n),
    type,
    source: '/fuzz',
    time: '2026-11-29T12:00:00.000Z',
    subject: orderId(n),
    datacontenttype: 'application/json',
    sagaid: standIn('fresh', n + 0x80_00_00),
  };
}
