import { milliseconds, stepNamed, type DefinitionRegistry, type Duration } from '../../definition';
import type { SagaState } from '../../engine';
import { HELD_INCIDENT, HELD_STEP_NAME, incidentOf, type IncidentStatus } from '../../incidents';
import { millis, type Tables } from '../../messaging';
import { parseState, type SagaStore } from '../../store';
import { maskOf } from '../mask-of';
import { time } from '../time';
import type { IncidentList, IncidentView } from './incident.view';
import { remedyFor } from './incident-remedy';
import { periodOf, type IncidentsQuery } from './incidents.query';

/**
 * Counts the sagas of each incident in an index, and reads one saga of each incident that is shown. Parameters: the
 * statuses, since when for each, and how many incidents.
 */
const stoodIn = ({ saga_incident }: Tables): string => `
  WITH found AS (
    SELECT incident, wanted.status, count(*)::int AS count, ${millis('min(since)')} AS first, ${millis('max(since)')} AS last,
           (count(*) FILTER (WHERE past_pivot))::int AS past_pivot
    FROM unnest($1::text[], $2::float8[]) AS wanted (status, after)
      JOIN ${saga_incident} AS saga_incident ON saga_incident.status = wanted.status
       AND since >= coalesce(to_timestamp(wanted.after / 1000), '-infinity')
    GROUP BY incident, wanted.status
  )`;

/** The same for some incidents of paused sagas. */
const pausedIn = (saga_incident: string): string => `
  WITH found AS (
    SELECT incident, 'PAUSED' AS status, count(*)::int AS count, ${millis('min(since)')} AS first, ${millis('max(since)')} AS last,
           (count(*) FILTER (WHERE past_pivot))::int AS past_pivot
    FROM ${saga_incident} WHERE incident = ANY ($1::uuid[]) AND status = 'PAUSED' GROUP BY incident
  )`;

/** The same for the sagas with a held step. */
const heldIn = ({ held_step }: Tables): string => `
  WITH found AS (
    SELECT ${HELD_INCIDENT} AS incident, 'HELD' AS status, count(DISTINCT saga_id)::int AS count,
           ${millis('min(since)')} AS first, ${millis('max(since)')} AS last, 0 AS past_pivot,
           min(${HELD_STEP_NAME}) AS step, min(command) AS command
    FROM ${held_step} WHERE released_at IS NULL AND since >= coalesce(to_timestamp($1::float8 / 1000), '-infinity')
    GROUP BY 1
  )`;

const totals = 'count(*) OVER ()::int AS incidents, sum(count) OVER ()::int AS sagas';

const shownIn = (source: string, saga: string, sample: string, limit: string): string => `
  SELECT found.*, sample.saga_id AS sample, saga.state FROM (
    SELECT *, ${totals} FROM found ORDER BY count DESC, incident LIMIT ${limit}
  ) AS found, LATERAL (
    SELECT saga_id FROM ${source} WHERE ${sample} ORDER BY saga_id DESC LIMIT 1
  ) AS sample JOIN ${saga} AS saga ON saga.id = sample.saga_id
  ORDER BY found.count DESC, found.incident`;

/** The sagas of an incident; open dead letters are few, so they come first. */
const lettersIn = ({ dead_letter, saga_incident, held_step }: Tables): string => `
  SELECT incident, count(*)::int AS letters FROM (
    SELECT i.incident FROM ${dead_letter} AS dead_letter JOIN ${saga_incident} AS i ON i.saga_id = dead_letter.saga_id
    WHERE dead_letter.status = 'open' AND i.incident = ANY ($1::uuid[])
    UNION ALL
    SELECT ${HELD_INCIDENT} FROM ${dead_letter} AS dead_letter JOIN ${held_step} AS held_step ON held_step.saga_id = dead_letter.saga_id
    WHERE dead_letter.status = 'open' AND released_at IS NULL AND ${HELD_INCIDENT} = ANY ($1::uuid[])
  ) AS letters GROUP BY incident`;

interface Row {
  readonly incident: string;
  readonly status: IncidentStatus;
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly past_pivot: number;
  /** Only of held ones. */
  readonly step?: string;
  readonly command?: string;
  readonly sample: string;
  readonly state: string;
  readonly incidents: number;
  readonly sagas: number;
}

/** Reads incidents: sagas that stand, grouped by why. */
export class IncidentReader {
  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: SagaStore,
  ) {}

  /** The incident that a saga is in, and how many sagas that has; of a paused saga first that of its pause. */
  async ofSaga(id: string): Promise<{ readonly incident: string; readonly count: number } | undefined> {
    const { saga_incident, held_step } = this.store.tables;
    const { rows } = await this.store.pool.query<{ incident: string; count: number }>(
      `SELECT incident, (SELECT count(*)::int FROM ${saga_incident} AS i WHERE i.incident = own.incident) AS count
       FROM ${saga_incident} AS own WHERE saga_id = $1
       UNION ALL
       SELECT incident, (
         SELECT count(DISTINCT saga_id)::int FROM ${held_step} WHERE released_at IS NULL AND ${HELD_INCIDENT} = own.incident
       ) FROM (SELECT ${HELD_INCIDENT} AS incident FROM ${held_step} WHERE saga_id = $1 AND released_at IS NULL LIMIT 1) AS own
       LIMIT 1`,
      [id],
    );
    return rows[0];
  }

  /** The incidents of the most sagas first. */
  async list({ status, since, limit }: IncidentsQuery, now: number): Promise<IncidentList> {
    const after = (each: IncidentStatus): number | null => beginning(periodOf(each, since), now);
    const stood = status.filter((each) => each !== 'HELD');
    const [ofStatus, held] = await Promise.all([
      stood.length === 0 ? [] : this.read(this.stoodShown(), [stood, stood.map(after), limit]),
      status.includes('HELD') ? this.read(this.heldShown(), [after('HELD'), limit]) : [],
    ]);
    const rows = [...ofStatus, ...held].toSorted((a, b) => b.count - a.count).slice(0, limit);
    const letters = await this.lettersOf(rows.map(({ incident }) => incident));
    return {
      items: rows.map((row) => this.viewOf(row, letters.get(row.incident) ?? 0)),
      incidents: (ofStatus[0]?.incidents ?? 0) + (held[0]?.incidents ?? 0),
      sagas: (ofStatus[0]?.sagas ?? 0) + (held[0]?.sagas ?? 0),
    };
  }

  /** Those of these incidents in which sagas are paused now. */
  async paused(ids: readonly string[]): Promise<IncidentView[]> {
    const { saga_incident, saga } = this.store.tables;
    const text = `${pausedIn(saga_incident)} ${shownIn(saga_incident, saga, 'incident = found.incident', '$2')}`;
    const rows = await this.read(text, [ids, ids.length]);
    const letters = await this.lettersOf(rows.map(({ incident }) => incident));
    return rows.map((row) => this.viewOf(row, letters.get(row.incident) ?? 0));
  }

  private stoodShown(): string {
    const { tables } = this.store;
    return `${stoodIn(tables)} ${shownIn(tables.saga_incident, tables.saga, 'incident = found.incident', '$3')}`;
  }

  private heldShown(): string {
    const { tables } = this.store;
    const sample = `released_at IS NULL AND ${HELD_INCIDENT} = found.incident`;
    return `${heldIn(tables)} ${shownIn(tables.held_step, tables.saga, sample, '$2')}`;
  }

  private async read(text: string, values: unknown[]): Promise<Row[]> {
    const { rows } = await this.store.pool.query<Row>(text, values);
    return rows;
  }

  private async lettersOf(incidents: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (incidents.length === 0) return new Map();
    const { rows } = await this.store.pool.query<{ incident: string; letters: number }>(lettersIn(this.store.tables), [
      incidents,
    ]);
    return new Map(rows.map(({ incident, letters }) => [incident, letters]));
  }

  private viewOf(row: Row, deadLetters: number): IncidentView {
    const state = parseState(row.state);
    const common = row.status === 'HELD' ? this.held(row, state) : this.stood(state);
    return {
      id: row.incident,
      status: row.status,
      definition: state.definition,
      count: row.count,
      first: time(row.first),
      last: time(row.last),
      pastPivot: row.past_pivot,
      deadLetters,
      remedy: remedyFor(row.status, common.reason),
      ...common,
    };
  }

  private stood(state: SagaState): Pick<IncidentView, 'reason' | 'step' | 'command' | 'error' | 'sample'> {
    // The error is that of the sample, whose data it may quote.
    const found = incidentOf(this.registry, maskOf(this.registry, state).state);
    const { reason = 'unknown', step, command, error } = found?.incident ?? {};
    return { reason, step, command, error, sample: { saga: state.id, subject: state.subject, error: found?.error } };
  }

  private held(
    { step, command: type }: Row,
    { id, subject, definition: name, version }: SagaState,
  ): Pick<IncidentView, 'reason' | 'step' | 'command' | 'sample'> {
    const definition = this.registry.find(name, version);
    const { action, compensation } = (definition && step && stepNamed(definition, step)) || {};
    const command = [action, compensation].find((each) => each?.command.type === type)?.command.name ?? type;
    return { reason: 'held', step, command, sample: { saga: id, subject } };
  }
}

function beginning(period: Duration | undefined, now: number): number | null {
  return period === undefined ? null : now - milliseconds(period);
}
