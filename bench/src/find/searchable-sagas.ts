/*
 * Fills a database with sagas of the last twenty days, as a shop has them: nearly all completed, two in a hundred
 * compensated, a few paused, the newest under way. The engine makes one saga of each kind; SQL copies it with other ids,
 * instants, business keys and attributes.
 */
import { Logger } from '@nestjs/common';
import { DefinitionRegistry, SagaReader, SagaRunner, SagaStore, type SagaEvent } from '@palinode/saga/internal';
import { orchestratorMigrations } from '@palinode/saga/orchestrator';
import { v7 as uuidV7 } from 'uuid';
import { DataSource } from 'typeorm';
import { patientPurchase } from '../growth/definitions';
import { InstantTransport } from '../growth/instant-transport';
import { freshDatabases } from '../measure/postgres';

export const DAYS = 20;
const CHUNK = 20_000;
const CUSTOMERS = 50_000;
/** The transaction id of the first entry; greater than the ids of the transactions that fill the database. */
const FIRST_TRANSACTION = 1_000_000;

/** Each kind: which sagas are of it, by their number `n` among `count`, and how far they are. */
const KINDS = [
  { where: 'n >= count * 0.995', events: [] },
  { where: 'n < count * 0.995 AND n % 1000 = 0', events: ['paused'] },
  { where: 'n < count * 0.995 AND n % 50 = 1', events: ['reserved', 'declined', 'released', 'rejected'] },
  {
    where: 'n < count * 0.995 AND n % 1000 <> 0 AND n % 50 <> 1',
    events: ['reserved', 'authorized', 'approved', 'approved', 'approved', 'approved'],
  },
] as const;

type Progress = (typeof KINDS)[number]['events'][number];

/** Half of the sagas have the first version; one in ten, another definition; one in a thousand, a rare one. */
const DEFINITION = `CASE WHEN n % 1000 = 7 THEN 'rare-purchase' WHEN n % 10 = 3 THEN 'other-purchase' ELSE definition END`;
const VERSION = 'CASE WHEN n < count / 2 THEN 1 ELSE 2 END';

/** A third of the sagas are for one article; another was sold in the first two days only. */
const SKU = `CASE WHEN n % 3 = 0 THEN 'sku-1' WHEN n < count / 10 THEN 'sku-gone' ELSE 'sku-' || n % 2000 END`;

export class SearchableSagas {
  readonly transport = new InstantTransport();
  readonly store: SagaStore;
  readonly reader: SagaReader;
  /** The incident of the most sagas, and that of the fewest; known once the database is filled. */
  incidents: Readonly<Record<'many' | 'few', string | undefined>> = { many: undefined, few: undefined };
  private readonly runner: SagaRunner;

  private constructor(
    readonly databaseUrl: string,
    readonly count: number,
    readonly begunAt: number,
  ) {
    const log = new Logger('find');
    const second = { ...patientPurchase, version: 2 };
    const registry = new DefinitionRegistry([patientPurchase, second]);
    this.store = new SagaStore({ database: databaseUrl, connection: { queryTimeoutMs: 0 } }, log);
    this.runner = new SagaRunner({ registry, store: this.store, transport: this.transport, log });
    this.reader = new SagaReader(this.store);
  }

  static async with(count: number, adminUrl: string): Promise<SearchableSagas> {
    const { orchestrator: url } = await freshDatabases(adminUrl, `find_${count}`, ['orchestrator'] as const);
    const source = await new DataSource({ type: 'postgres', url, migrations: orchestratorMigrations }).initialize();
    await source.runMigrations();
    await source.destroy();
    const sagas = new SearchableSagas(url, count, Date.now() - DAYS * 86_400_000);
    try {
      await sagas.fill();
    } catch (error) {
      await sagas.close();
      throw error;
    }
    return sagas;
  }

  /** The instant at which the saga with this number started, in milliseconds. */
  startOf(n: number): number {
    return this.begunAt + Math.floor((n * DAYS * 86_400_000) / this.count);
  }

  idOf(n: number): string {
    const hex = this.startOf(n).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`;
  }

  /** The id of its first command. */
  commandOf(n: number): string {
    return this.idOf(n).replace('-7000-', '-7001-');
  }

  customerOf(n: number): string {
    return `customer-${(n * 7_919) % CUSTOMERS}`;
  }

  async close(): Promise<void> {
    await this.runner.deleteAcknowledged();
    await this.store.close();
  }

  private async fill(): Promise<void> {
    for (const { where, events } of KINDS) {
      const template = await this.lead(events);
      await this.copy(template, where);
      await this.store.pool.query(
        `WITH gone AS (DELETE FROM saga_history WHERE saga_id = $1), disarmed AS (DELETE FROM saga_timer WHERE saga_id = $1),
              left_incident AS (DELETE FROM saga_incident WHERE saga_id = $1)
         DELETE FROM saga WHERE id = $1`,
        [template],
      );
    }
    await this.store.pool.query(
      `INSERT INTO held_step (saga_id, step, definition, version, command, since)
       SELECT id, 'stock', definition, version, 'stock.reserve.v1', started_at FROM saga WHERE status = 'RUNNING' LIMIT 200`,
    );
    const { rows } = await this.store.pool.query<{ incident: string }>(
      'SELECT incident FROM saga_incident GROUP BY incident ORDER BY count(*) DESC',
    );
    this.incidents = { many: rows[0]?.incident, few: rows.at(-1)?.incident };
    await this.store.pool.query('VACUUM (ANALYZE) saga, saga_history, saga_attribute, saga_incident, held_step');
  }

  /** Makes one saga that is this far, and returns its id. */
  private async lead(events: readonly Progress[]): Promise<string> {
    const sagaId = uuidV7();
    const advance = (event: SagaEvent): Promise<unknown> => this.runner.advance([{ sagaId, event }]);
    const command = (step: string, direction: 'action' | 'compensation', from: string) => ({
      commandId: this.transport.lastCommandOf(sagaId)?.id ?? '',
      step,
      direction,
      from,
    });
    const eventOf: Readonly<Record<Progress, () => SagaEvent>> = {
      reserved: () => ({ kind: 'replied', ...command('stock', 'action', 'stock'), reply: undefined }),
      declined: () => ({
        kind: 'refused',
        ...command('payment', 'action', 'payment'),
        objection: { reason: 'declined', detail: 'The card was declined.' },
      }),
      released: () => ({ kind: 'replied', ...command('stock', 'compensation', 'stock'), reply: undefined }),
      rejected: () => ({ kind: 'replied', ...command('order', 'compensation', 'order'), reply: undefined }),
      authorized: () => ({
        kind: 'replied',
        ...command('payment', 'action', 'payment'),
        reply: { authorizationId: sagaId },
      }),
      approved: () => ({
        kind: 'replied',
        ...command(this.transport.lastCommandOf(sagaId)?.sagastep ?? '', 'action', 'order'),
        reply: undefined,
      }),
      paused: () => ({ kind: 'pause', by: 'ada', reason: 'to look' }),
    };
    const input = { orderId: sagaId, sku: 'sku-7', quantity: 2, amountCents: 4_200, token: 'tok_ok' };
    await advance({ kind: 'started', sagaId, definition: 'patient-purchase', version: 1, subject: 'order', input });
    for (const event of events) await advance(eventOf[event]());
    return sagaId;
  }

  /**
   * Copies the template for each number that meets this condition. A copy takes up to ten minutes from start to end, with
   * the entries of its history spread over them, each saved by a transaction of its own millisecond. The id of a command
   * has the number of its entry where a real one has random bits. One in fifty paused sagas has a rare reason, and one in
   * ten compensated ones a rare cause.
   */
  private async copy(template: string, where: string): Promise<void> {
    const stepMs = (DAYS * 86_400_000) / this.count;
    for (let first = 0; first < this.count; first += CHUNK) {
      await this.store.pool.query(
        `WITH numbers AS MATERIALIZED (
           SELECT n, lpad(to_hex(${this.begunAt} + floor(n * ${stepMs}::float8)::bigint), 12, '0') AS time,
                  to_timestamp((${this.begunAt} + floor(n * ${stepMs}::float8)) / 1000.0) AS started,
                  n % 600000 * interval '1 ms' AS took
           FROM (SELECT n, ${this.count} AS count FROM generate_series($2::bigint, $3::bigint) AS n) AS all_numbers WHERE ${where}
         ), copies AS MATERIALIZED (
           SELECT *, (left(time, 8) || '-' || right(time, 4) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS copy_id,
                  ${this.count} AS count
           FROM numbers
         ), made AS (
           INSERT INTO saga (id, definition, version, status, pause_reason, subject, state, revision, wake_at, armed_at, started_at,
                             ended_at, steps, services, cause, cause_step, cause_service, attributes)
           SELECT copy_id, ${DEFINITION}, ${VERSION}, status,
                  CASE WHEN pause_reason IS NOT NULL AND n % 50000 = 0 THEN 'needs-attention' ELSE pause_reason END,
                  'order-' || n, replace(state, '${template}', copy_id::text), revision,
                  CASE WHEN wake_at IS NOT NULL THEN now() + (n % 1000 - 1) * interval '1 m' END, NULL,
                  started, CASE WHEN ended_at IS NOT NULL THEN started + took END,
                  CASE WHEN status = 'RUNNING' AND n % 100 = 0 THEN 'billing' ELSE steps END,
                  CASE WHEN status = 'RUNNING' AND n % 100 = 0 THEN 'order' ELSE services END,
                  CASE WHEN cause IS NOT NULL AND n % 500 = 1 THEN 'no-answer' ELSE cause END,
                  CASE WHEN cause IS NOT NULL AND n % 500 = 1 THEN 'stock' ELSE cause_step END,
                  CASE WHEN cause IS NOT NULL AND n % 500 = 1 THEN 'stock' ELSE cause_service END,
                  'customer=customer-' || n * 7919 % ${CUSTOMERS} || chr(31) || 'sku=' || ${SKU}
           FROM copies, saga WHERE id = $1
         ), template AS MATERIALIZED (
           SELECT seq, (seq - 1)::float8 / max(seq) OVER () AS progress, event, sent, ignored FROM saga_history WHERE saga_id = $1
         ), recorded AS (
           INSERT INTO saga_history (saga_id, seq, at, event, sent, ignored, xid)
           SELECT copy_id, seq, at, replace(event, '${template}', copy_id::text),
                  regexp_replace(sent, '"commandId":"[^"]*"', '"commandId":"' || left(ms, 8) || '-' || right(ms, 4) || '-7'
                    || lpad(seq::text, 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0') || '"', 'g'),
                  ignored, (('x' || lpad(ms, 16, '0'))::bit(64)::bigint - ${this.begunAt} + ${FIRST_TRANSACTION})::text::xid8
           FROM copies, template, LATERAL (
             SELECT date_trunc('milliseconds', started + progress * took) AS at
           ) AS moment, LATERAL (
             SELECT lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS ms
           ) AS instant
         ), incidents AS (
           INSERT INTO saga_incident (saga_id, incident, status, since, past_pivot)
           SELECT copy_id, CASE WHEN n % 50000 = 0 THEN copy_id ELSE incident END, status, started, past_pivot
           FROM copies, saga_incident WHERE saga_id = $1
         )
         INSERT INTO saga_attribute (name, value, started_at, saga_id)
         SELECT 'customer', '=customer-' || n * 7919 % ${CUSTOMERS}, started, copy_id FROM copies
         UNION ALL SELECT 'sku', '=' || ${SKU}, started, copy_id FROM copies
         UNION ALL SELECT 'token', '~4242~' || md5(n::text), started, copy_id FROM copies`,
        [template, first, Math.min(first + CHUNK, this.count) - 1],
      );
    }
  }
}
