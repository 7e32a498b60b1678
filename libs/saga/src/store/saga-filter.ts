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
  { status, definition, subject, held, incident }: SagaFilter,
  tables: Tables,
): Conditions {
  const conditions = new Conditions()
    .add('status =', status)
    .add('definition =', definition)
    .add('subject =', subject)
    .addWhole(held && heldIn(tables)[held]);
  if (incident === undefined) return conditions;
  const sagas = isHeldIncident(incident)
    ? `${tables.held_step} WHERE released_at IS NULL AND ${HELD_INCIDENT} =`
    : `${tables.saga_incident} WHERE incident =`;
  return conditions.addWhole(`id IN (SELECT saga_id FROM ${sagas} ${conditions.parameter(incident)})`);
}
