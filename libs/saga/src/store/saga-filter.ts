import { Conditions } from './conditions';
import type { SagaStatus } from '../engine';
import { HELD_INCIDENT, isHeldIncident } from '../incidents';
import type { Tables } from '../messaging';

/** Which sagas are meant; what is absent does not restrict them. */
export interface SagaFilter {
  readonly status?: SagaStatus | undefined;
  readonly definition?: string | undefined;
  /** The business key. */
  readonly subject?: string | undefined;
  /** The beginning of its id or of its business key. */
  readonly q?: string | undefined;
  /** Whether one of its steps waits for a hold to end. */
  readonly held?: 'true' | 'false' | undefined;
  /** The id of an incident. */
  readonly incident?: string | undefined;
}

const heldIn = ({ held_step }: Tables) =>
  ({
    true: `id IN (SELECT saga_id FROM ${held_step} WHERE released_at IS NULL)`,
    false: `NOT EXISTS (SELECT FROM ${held_step} WHERE saga_id = saga.id AND released_at IS NULL)`,
  }) as const;

/** The conditions for these sagas, on the table of sagas under the name `saga`. */
export function sagaConditions(
  { status, definition, subject, q, held, incident }: SagaFilter,
  tables: Tables,
): Conditions {
  const conditions = new Conditions()
    .add('status =', status)
    .add('definition =', definition)
    .add('subject =', subject)
    .addWhole(held && heldIn(tables)[held]);
  if (q !== undefined) conditions.addWhole(beginsWith(q, conditions));
  if (incident === undefined) return conditions;
  const sagas = isHeldIncident(incident)
    ? `${tables.held_step} WHERE released_at IS NULL AND ${HELD_INCIDENT} =`
    : `${tables.saga_incident} WHERE incident =`;
  return conditions.addWhole(`id IN (SELECT saga_id FROM ${sagas} ${conditions.parameter(incident)})`);
}

/** Ids have hyphens at fixed places; the rest of an id that is given in part may be anything. */
const ID_PART =
  /^[0-9a-f]{1,8}$|^[0-9a-f]{8}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-([0-9a-f]{0,4}|[0-9a-f]{4}-[0-9a-f]{0,12})))$/;
const LOWEST = '00000000-0000-0000-0000-000000000000';
const HIGHEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

function beginsWith(q: string, conditions: Conditions): string {
  const bySubject = `subject LIKE ${conditions.parameter(`${q.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)}`;
  const part = q.toLowerCase();
  if (!ID_PART.test(part)) return bySubject;
  const [from, to] = [LOWEST, HIGHEST].map((id) => conditions.parameter(part + id.slice(part.length)));
  return `(${bySubject} OR id BETWEEN ${from}::uuid AND ${to}::uuid)`;
}
