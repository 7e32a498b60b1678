import type { ServiceName } from '@palinode/test-support/shop/services';
import type { Transaction } from '@palinode/test-support/network/postgres-session';

interface Kind {
  readonly services: readonly ServiceName[];
  readonly is: (transaction: Transaction) => boolean;
}

const holds =
  (...parts: readonly RegExp[]) =>
  ({ statements }: Transaction): boolean =>
    parts.every((part) => statements.some(({ text }) => part.test(text)));

/** The offset of the element count in a binary array, and the length of an empty one. */
const [COUNT_AT, EMPTY_BYTES] = [12, 20];

const isEmptyArray = (value: Buffer | undefined): boolean =>
  value?.toString() === '{}' || (value?.length === EMPTY_BYTES && value.readInt32BE(COUNT_AT) === 0);

/** Recognizes a single statement by whether its array parameter is empty. */
const deletes =
  (part: RegExp, n: number) =>
  ({ statements: [only], explicit }: Transaction): boolean =>
    !explicit && only !== undefined && part.test(only.text) && !isEmptyArray(only.values[n]);

const SAVE = /^\s*WITH changed AS \(\s*UPDATE saga /;
const advancesSagas = ({ statements: [only], explicit }: Transaction): boolean =>
  !explicit &&
  only !== undefined &&
  SAVE.test(only.text) &&
  !(isEmptyArray(only.values[0]) && isEmptyArray(only.values[11]));
const KEEPS_ANSWERS = /^\s*INSERT INTO inbox /;
const keepsAnswersAtItsEnd = (transaction: Transaction): boolean =>
  transaction.explicit && holds(KEEPS_ANSWERS)(transaction);

/** Every kind of transaction in the shop while orders are placed, operators act and faults are armed. */
export const KINDS = {
  'an order with a key': { services: ['order'], is: holds(/INSERT INTO idempotency_key/, /INSERT INTO orders/) },
  'orders without a key': {
    services: ['order'],
    is: (transaction) => holds(/INSERT INTO orders/)(transaction) && !holds(/INSERT INTO idempotency_key/)(transaction),
  },
  'acknowledged starts': { services: ['order'], is: deletes(/^DELETE FROM outbox /, 0) },
  'batch of the orchestrator': { services: ['orchestrator'], is: advancesSagas },
  'acknowledged commands': {
    services: ['orchestrator'],
    is: (transaction) => deletes(SAVE, 36)(transaction) && !advancesSagas(transaction),
  },
  'timers that fired': { services: ['orchestrator'], is: holds(/UPDATE saga_timer/) },
  // Its transaction records an operator's action, too.
  'a fault armed': { services: ['orchestrator'], is: holds(/INSERT INTO fault_rule/) },
  'an operator’s action': { services: ['orchestrator'], is: holds(/INSERT INTO operator_action/) },
  'a fault’s hit': { services: ['payment'], is: holds(/INSERT INTO fault_hit/) },
  'handlers with a transaction per batch': {
    services: ['order', 'inventory'],
    is: keepsAnswersAtItsEnd,
  },
  'a handler with a transaction per command': { services: ['payment'], is: keepsAnswersAtItsEnd },
  'the wait for the WAL flush after them': { services: ['payment'], is: holds(/^SELECT pg_logical_emit_message/) },
  'answers of failed handlers': {
    services: ['payment'],
    is: (transaction) => !transaction.explicit && holds(KEEPS_ANSWERS)(transaction),
  },
  'a sweep of the outbox': {
    services: ['order', 'orchestrator'],
    is: holds(/FROM outbox[\s\S]*FOR UPDATE SKIP LOCKED/, /DELETE FROM outbox/),
  },
  'acknowledged events': { services: ['order', 'inventory'], is: deletes(/DELETE FROM event_outbox/, 0) },
  'events of a subscriber': { services: ['notifications', 'reporting'], is: holds(/INSERT INTO event_inbox/) },
} satisfies Record<string, Kind>;

export type KindName = keyof typeof KINDS;
export const kindNames = Object.keys(KINDS) as KindName[];

/** Undefined for a transaction that writes nothing, or that is not counted. */
export function kindOf(service: ServiceName, transaction: Transaction): KindName | undefined {
  return kindNames.find((name) => {
    const { services, is }: Kind = KINDS[name];
    return services.includes(service) && is(transaction);
  });
}
