/*
 * Fills a database with sagas. The engine creates a few waiting and ended sagas; the database copies these with other
 * ids, business keys and wake-ups, and everything derived from them.
 */
import type { SagaEvent, SagaRunner, SagaStore } from '@palinode/saga/internal';
import { earlierPurchase, otherPurchase, patientPurchase } from './definitions';
import type { InstantTransport } from './instant-transport';

/** The end of the templates' ids, which is replaced in all copies. */
const TEMPLATE_TAIL = '8fff-ffffffffffff';
const CHUNK = 100_000;
/** How many incidents the paused sagas are spread over. */
const INCIDENTS = 16;
const SPREAD_MS = 20 * 3_600_000;

/** The sagas of a database. */
export interface Population {
  readonly name: 'open' | 'ended';
  /** The definition of the sagas that are copied. */
  readonly definition: string;
  /** The definition of every other saga among those that wait for their first reply. */
  readonly otherDefinition: string;
  /** The progress of each range within a hundred sagas. */
  readonly groups: readonly { readonly from: number; readonly to: number; readonly events: readonly Progress[] }[];
}

type Progress = 'reserved' | 'declined' | 'authorized' | 'approved' | 'paused';

/** The first ninety of a hundred wait for their first reply. */
export const OPEN: Population = {
  name: 'open',
  definition: patientPurchase.name,
  otherDefinition: otherPurchase.name,
  groups: [
    { from: 0, to: 89, events: [] },
    { from: 90, to: 96, events: ['reserved'] },
    { from: 97, to: 97, events: ['reserved', 'declined'] },
    { from: 98, to: 99, events: ['paused'] },
  ],
};

export const ENDED: Population = {
  name: 'ended',
  definition: earlierPurchase.name,
  otherDefinition: earlierPurchase.name,
  groups: [{ from: 0, to: 99, events: ['reserved', 'authorized', 'approved'] }],
};

/** The sagas of a filled database, by number. */
export interface StoredSagas {
  readonly count: number;
  idOf(n: number): string;
  firstCommandOf(n: number): string;
}

/** The newest starts now, and each a millisecond after the one before. */
export async function fillWithSagas(
  store: SagaStore,
  runner: SagaRunner,
  transport: InstantTransport,
  population: Population,
  count: number,
): Promise<StoredSagas> {
  const begunAt = Date.now() - count;
  const templateId = `${timeOf(begunAt)}-7000-${TEMPLATE_TAIL}`;
  let firstCommand = '';
  for (const { from, to, events } of population.groups) {
    await lead(runner, transport, templateId, population.definition, events);
    if (from === 0) firstCommand = transport.lastCommandOf(templateId)?.id ?? '';
    await copy(store, templateId, begunAt, population, { from, to, count });
    await store.pool.query(
      `WITH gone AS (DELETE FROM saga_history WHERE saga_id = '${templateId}'),
            disarmed AS (DELETE FROM saga_timer WHERE saga_id = '${templateId}'),
            left_incident AS (DELETE FROM saga_incident WHERE saga_id = '${templateId}')
       DELETE FROM saga WHERE id = '${templateId}'`,
    );
  }
  await runner.deleteAcknowledged();
  await store.pool.query('VACUUM (ANALYZE) saga, saga_history, saga_timer, saga_incident, outbox');
  const tail = (n: number): string => `8000-${n.toString(16).padStart(12, '0')}`;
  return {
    count,
    idOf: (n) => `${timeOf(begunAt + n)}-7000-${tail(n)}`,
    firstCommandOf: (n) => firstCommand.replace(TEMPLATE_TAIL, tail(n)),
  };
}

async function lead(
  runner: SagaRunner,
  transport: InstantTransport,
  sagaId: string,
  definition: string,
  events: readonly Progress[],
): Promise<void> {
  const advance = (event: SagaEvent): Promise<unknown> => runner.advance([{ sagaId, event }]);
  const commandOf = (step: string, from: string) => {
    const commandId = transport.lastCommandOf(sagaId)?.id ?? '';
    return { commandId, step, direction: 'action', from } as const;
  };
  const eventOf: Readonly<Record<Progress, () => SagaEvent>> = {
    reserved: () => ({ kind: 'replied', ...commandOf('stock', 'stock'), reply: undefined }),
    declined: () => ({ kind: 'refused', ...commandOf('payment', 'payment'), objection: { reason: 'declined' } }),
    authorized: () => ({ kind: 'replied', ...commandOf('payment', 'payment'), reply: { authorizationId: sagaId } }),
    approved: () => ({ kind: 'replied', ...commandOf('approval', 'order'), reply: undefined }),
    paused: () => ({ kind: 'pause', by: 'ada', reason: 'to look' }),
  };
  const input = { orderId: sagaId, sku: 'sku-7', quantity: 2, amountCents: 4_200, token: 'tok_ok' };
  await advance({ kind: 'started', sagaId, definition, version: 1, subject: 'order-template', input });
  for (const event of events) await advance(eventOf[event]());
}

/** Wake-ups are spread over most of a day. */
async function copy(
  store: SagaStore,
  templateId: string,
  begunAt: number,
  { definition, otherDefinition }: Population,
  { from, to, count }: { from: number; to: number; count: number },
): Promise<void> {
  const { sagas } = await store.read([templateId]);
  const wakeAt = sagas.get(templateId)?.state.wakeAt;
  const text = copyingText(templateId, definition, wakeAt);
  const wakes = wakeAt === undefined ? 'NULL' : 'to_timestamp(wake_ms / 1000.0)';
  const later = `(n - ${count}) * interval '1 ms'`;
  for (let first = 0; first < count; first += CHUNK) {
    await store.pool.query(
      `WITH copies AS MATERIALIZED (
         SELECT n, tail, name, wake_ms,
                left(time, 8) || '-' || right(time, 4) || '-7000-' || tail AS copy_id
         FROM (
           SELECT n, '8000-' || lpad(to_hex(n), 12, '0') AS tail, lpad(to_hex(${begunAt} + n), 12, '0') AS time,
                  CASE WHEN n % 2 = 1 AND n % 100 < 90 THEN '${otherDefinition}' ELSE '${definition}' END AS name,
                  ${wakeAt ?? 0} - (random() * ${SPREAD_MS})::bigint AS wake_ms
           FROM generate_series($1::bigint, $2::bigint) AS n WHERE n % 100 BETWEEN ${from} AND ${to}
         ) AS numbers
       ), begun AS (
         INSERT INTO saga (id, definition, version, status, pause_reason, subject, state, revision, wake_at, armed_at, started_at, ended_at)
         SELECT copy_id::uuid, name, version, status, pause_reason, 'order-' || n, ${text('state')}, revision, ${wakes}, ${wakes},
                started_at + ${later}, ended_at + ${later}
         FROM copies, saga WHERE id = '${templateId}'
       ), history AS (
         INSERT INTO saga_history (saga_id, seq, at, event, sent, ignored)
         SELECT copy_id::uuid, seq, at + ${later}, ${text('event')}, ${text('sent')}, ignored
         FROM copies, saga_history WHERE saga_id = '${templateId}'
       ), incidents AS (
         INSERT INTO saga_incident (saga_id, incident, status, since, past_pivot)
         SELECT copy_id::uuid, overlay(incident::text placing to_hex(n % ${INCIDENTS}) from 1 for 1)::uuid, status,
                since + ${later}, past_pivot
         FROM copies, saga_incident WHERE saga_id = '${templateId}'
       )
       INSERT INTO saga_timer (saga_id, fire_at) SELECT copy_id::uuid, ${wakes} FROM copies WHERE ${wakeAt !== undefined}`,
      [first, Math.min(first + CHUNK, count) - 1],
    );
  }
}

/** The SQL that makes a copy's text from the template's: ids that end alike, business key, definition, and wake-ups. */
function copyingText(templateId: string, definition: string, wakeAt: number | undefined): (column: string) => string {
  const replacements = [
    [`'${templateId}'`, 'copy_id'],
    [`'${TEMPLATE_TAIL}'`, 'tail'],
    [`'order-template'`, `'order-' || n`],
    [`'"definition":"${definition}"'`, `'"definition":"' || name || '"'`],
    ...(wakeAt === undefined ? [] : [[`'"wakeAt":${wakeAt}'`, `'"wakeAt":' || wake_ms`]]),
  ];
  return (column) => replacements.reduce((sql, [from, to]) => `replace(${sql}, ${from}, ${to})`, column);
}

function timeOf(ms: number): string {
  const hex = ms.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}
