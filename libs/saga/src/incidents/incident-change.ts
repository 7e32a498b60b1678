/* Each saga that is PAUSED or COMPENSATED has a row in saga_incident, by which the sagas of an incident are counted and found. */
import type { DefinitionRegistry } from '../definition';
import type { SagaState } from '../engine';
import { incidentOf } from './incident';

/** A row of saga_incident. */
export interface IncidentRow {
  readonly sagaId: string;
  readonly incident: string;
  readonly status: 'PAUSED' | 'COMPENSATED';
  readonly since: number;
  readonly pastPivot: boolean;
}

/** What a saga's update changes about its incident: it joins one, or leaves the one it was in (`undefined`). */
export interface IncidentChange {
  readonly joins: IncidentRow | undefined;
}

/** Whether each saga of this status is in an incident. Others may be held. */
export function hasIncident(status: SagaState['status'] | undefined): boolean {
  return status === 'PAUSED' || status === 'COMPENSATED';
}

/** Undefined when the update changes nothing about the saga's incident, as nearly always. */
export function incidentChange(
  registry: DefinitionRegistry,
  before: SagaState | undefined,
  after: SagaState,
): IncidentChange | undefined {
  if (!hasIncident(after.status)) return hasIncident(before?.status) ? { joins: undefined } : undefined;
  // The engine keeps the object of a pause as long as the pause lasts.
  if (before?.status === after.status && before.pause === after.pause) return undefined;
  return { joins: incidentRow(registry, after) };
}

export function incidentRow(registry: DefinitionRegistry, state: SagaState): IncidentRow | undefined {
  const found = incidentOf(registry, state);
  if (found === undefined) return undefined;
  const { incident, since, pastPivot } = found;
  return { sagaId: state.id, incident: incident.id, status: incident.status, since, pastPivot };
}
