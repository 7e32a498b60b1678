/* What operators look for in a list of sagas, each with a first page and the number of sagas, as the admin API reads them. */
import type { SagaReader } from '@palinode/saga/internal';
import { DAYS, type SearchableSagas } from './searchable-sagas';

export type Filter = Parameters<SagaReader['list']>[0];

export interface Search {
  readonly name: string;
  /** The filter of one run; `n` is the number of a saga, by chance. */
  readonly filter: (sagas: SearchableSagas, n: number) => Filter;
  readonly sort?: 'oldest';
  /** Whether a page in the middle is read, from this saga on. */
  readonly anywhere?: true;
  /** The most milliseconds that the 99th percentile may take. @default 50 */
  readonly mostMs?: number;
}

const HOUR_MS = 3_600_000;

const at = (ms: number): string => new Date(ms).toISOString();
const daysAgo = (sagas: SearchableSagas, days: number): string => at(sagas.begunAt + (DAYS - days) * 24 * HOUR_MS);

export const searches: readonly Search[] = [
  { name: 'all', filter: () => ({}) },
  { name: 'all, oldest first', filter: () => ({}), sort: 'oldest' },
  { name: 'all, a page anywhere', filter: () => ({}), anywhere: true },
  { name: 'PAUSED, COMPENSATED', filter: () => ({ status: ['PAUSED', 'COMPENSATED'] }) },
  { name: 'COMPLETED, a page anywhere', filter: () => ({ status: ['COMPLETED'] }), anywhere: true },
  { name: 'a definition', filter: () => ({ definition: 'other-purchase' }) },
  { name: 'a rare definition, PAUSED', filter: () => ({ definition: 'rare-purchase', status: ['PAUSED'] }) },
  { name: 'an old version', filter: () => ({ definition: 'patient-purchase', version: 1 }) },
  {
    name: 'an old version, RUNNING: none',
    filter: () => ({ definition: 'patient-purchase', version: 1, status: ['RUNNING'] }),
  },
  { name: 'reason', filter: () => ({ reason: ['operator'] }) },
  { name: 'a rare reason', filter: () => ({ reason: ['needs-attention'] }) },
  { name: 'cause', filter: () => ({ cause: ['refusal'] }) },
  { name: 'a rare cause', filter: () => ({ cause: ['no-answer'] }) },
  { name: 'step', filter: () => ({ step: ['payment'] }) },
  { name: 'a rare step', filter: () => ({ step: ['billing'] }) },
  { name: 'service', filter: () => ({ service: ['stock'] }) },
  { name: 'stuck', filter: () => ({ stuck: 'true' }) },
  { name: 'not stuck', filter: () => ({ stuck: 'false' }) },
  { name: 'held', filter: () => ({ held: 'true' }) },
  {
    name: 'started in an hour',
    filter: (sagas, n) => ({ startedAfter: at(sagas.startOf(n)), startedBefore: at(sagas.startOf(n) + HOUR_MS) }),
  },
  { name: 'started ten days ago or earlier', filter: (sagas) => ({ startedBefore: daysAgo(sagas, 10) }) },
  {
    name: 'COMPENSATED, started ten days ago or earlier',
    filter: (sagas) => ({ status: ['COMPENSATED'], startedBefore: daysAgo(sagas, 10) }),
  },
  {
    name: 'ended in an hour',
    filter: (sagas, n) => ({ endedAfter: at(sagas.startOf(n)), endedBefore: at(sagas.startOf(n) + HOUR_MS) }),
  },
  { name: 'ended in ten days, oldest first', filter: (sagas) => ({ endedAfter: daysAgo(sagas, 10) }), sort: 'oldest' },
  {
    name: 'a cause, ended in ten days',
    filter: (sagas) => ({ cause: ['no-answer'], endedAfter: daysAgo(sagas, 10) }),
  },
  { name: 'an incident of many', filter: ({ incidents }) => ({ incident: incidents.many }) },
  { name: 'an incident of few', filter: ({ incidents }) => ({ incident: incidents.few }) },
  { name: 'business key', filter: (_, n) => ({ subject: `order-${n}` }) },
  { name: 'q: the first 8 characters of an id', filter: (sagas, n) => ({ q: sagas.idOf(n).slice(0, 8) }) },
  { name: 'q: a whole id', filter: (sagas, n) => ({ q: sagas.idOf(n) }) },
  { name: 'q: the first 8 characters of a command id', filter: (sagas, n) => ({ q: sagas.commandOf(n).slice(0, 8) }) },
  { name: 'q: a whole command id', filter: (sagas, n) => ({ q: sagas.commandOf(n) }) },
  { name: 'q: an id that nothing has', filter: (sagas, n) => ({ q: sagas.idOf(n).replace('-8000-', '-9000-') }) },
  { name: 'q: half a business key', filter: (_, n) => ({ q: `order-${n}`.slice(0, -2) }) },
  // None of them is near, so all 111,111 of a million are read from the index.
  { name: 'q: the oldest tenth of the business keys', filter: () => ({ q: 'order-1' }), mostMs: 150 },
  { name: 'q: the beginning of all business keys', filter: () => ({ q: 'order-' }) },
  { name: 'q: a customer', filter: (sagas, n) => ({ q: sagas.customerOf(n) }) },
  { name: 'q: an article of many', filter: () => ({ q: 'sku-1' }) },
  { name: 'q: nothing', filter: () => ({ q: 'no such text' }) },
  { name: 'attribute: a customer', filter: (sagas, n) => ({ attribute: [`customer:${sagas.customerOf(n)}`] }) },
  {
    name: 'attribute: a customer, COMPENSATED',
    filter: (sagas, n) => ({ attribute: [`customer:${sagas.customerOf(n)}`], status: ['COMPENSATED'] }),
  },
  { name: 'attribute: an article of many', filter: () => ({ attribute: ['sku:sku-1'] }) },
  { name: 'attribute: an article of many, PAUSED', filter: () => ({ attribute: ['sku:sku-1'], status: ['PAUSED'] }) },
  { name: 'attribute: an article no longer sold', filter: () => ({ attribute: ['sku:sku-gone'] }) },
  {
    name: 'attribute: an article of many, of a customer',
    filter: (sagas, n) => ({ attribute: ['sku:sku-1', `customer:${sagas.customerOf(n)}`] }),
  },
  { name: 'attribute: sensitive', filter: (_, n) => ({ attribute: [`token:tok-${n}`] }) },
];
