import { millis } from '../../messaging';
import type { SagaStore } from '../../store';

/** More are not counted, because counting takes time. */
const COUNTED = 10_000;
/** A timer fires within a fraction of a second; those of a burst take longer. */
const OVERDUE = `interval '5 s'`;

/** Something that waits, and since when the oldest does, in milliseconds since 1970. */
export interface Pending {
  readonly count: number;
  readonly oldest: number | null;
}

/** What the database says of everything that waits. */
export interface DatabaseFacts {
  readonly now: number;
  readonly version: string;
  readonly answeredInMs: number;
  /** Paused sagas. */
  readonly paused: { readonly incidents: number; readonly sagas: number };
  readonly outbox: Pending;
  readonly overdueTimers: Pending;
  readonly deadLetters: Pending;
}

type Row = Omit<DatabaseFacts, 'answeredInMs'>;

/** Counts what waits, in one statement. */
export class PendingReader {
  private readonly text: string;

  constructor(private readonly store: SagaStore) {
    const { outbox, saga_timer, dead_letter, saga_incident } = store.tables;
    const counted = (time: string, from: string): string =>
      `(SELECT json_build_object('count', count(*), 'oldest', ${millis(`min(${time})`)})
        FROM (SELECT ${time} FROM ${from} LIMIT ${COUNTED}) AS waiting)`;
    this.text = `
      SELECT ${millis('clock_timestamp()')} AS now, current_setting('server_version') AS version,
        ${counted('created_at', outbox)} AS outbox,
        ${counted('fire_at', `${saga_timer} WHERE fire_at < statement_timestamp() - ${OVERDUE} ORDER BY fire_at`)} AS "overdueTimers",
        ${counted('kept_at', `${dead_letter} WHERE status = 'open' ORDER BY id`)} AS "deadLetters",
        (SELECT json_build_object('incidents', count(*), 'sagas', coalesce(sum(sagas), 0)) FROM (
           SELECT count(*) AS sagas FROM ${saga_incident} WHERE status = 'PAUSED' GROUP BY incident
         ) AS incidents) AS paused`;
  }

  async read(): Promise<DatabaseFacts> {
    const askedAt = performance.now();
    const { rows } = await this.store.pool.query<Row>({ name: 'palinode-pending', text: this.text });
    const answeredInMs = Math.round(10 * (performance.now() - askedAt)) / 10;
    return { ...(rows[0] as Row), answeredInMs };
  }
}
