/*
 * Sagas that stand for the same reason are one incident: same reason, definition, step, direction and error, ids and
 * numbers aside. The id of an incident is a digest of these, so it is the same in all instances and after a restart.
 */
import { createHash } from 'node:crypto';
import { stepNamed, type DefinitionRegistry, type SagaDefinition } from '../definition';
import { isCompensatingOrCan, type SagaState } from '../engine';
import { maskError } from './mask-error';

/** The statuses of sagas that are grouped. HELD: RUNNING or COMPENSATING, and one of its steps waits for a hold to end. */
export const INCIDENT_STATUSES = ['PAUSED', 'COMPENSATED', 'HELD'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** What the sagas of an incident have in common. */
export interface Incident {
  readonly id: string;
  readonly status: 'PAUSED' | 'COMPENSATED';
  /** The reason of the pause, or the kind of the cause. */
  readonly reason: string;
  readonly definition: string;
  /** Without the index of its branch. */
  readonly step: string | undefined;
  /** Unknown when the definition is not registered. */
  readonly command: string | undefined;
  /** With ids and numbers masked. */
  readonly error: string;
}

/** The incident that this saga belongs to, and how it stands there. */
export interface SagaIncident {
  readonly incident: Incident;
  readonly since: number;
  /** Whether it can only go forward. */
  readonly pastPivot: boolean;
  /** The error of this saga, not masked. */
  readonly error: string;
}

/** The incident of a saga that is PAUSED or COMPENSATED; undefined for any other. */
export function incidentOf(registry: DefinitionRegistry, state: SagaState): SagaIncident | undefined {
  if (state.status === 'PAUSED') return pausedIn(registry.find(state.definition, state.version), state);
  if (state.status === 'COMPENSATED') return compensatedIn(registry.find(state.definition, state.version), state);
  return undefined;
}

function pausedIn(definition: SagaDefinition | undefined, state: SagaState): SagaIncident | undefined {
  const { pause, steps } = state;
  if (pause === undefined) return undefined;
  const invocation = pause.step === undefined ? undefined : steps[pause.step]?.exchange;
  const direction = invocation?.direction ?? (pause.during === 'COMPENSATING' ? 'compensation' : 'action');
  const error = errorOfPause(state);
  return {
    since: pause.at,
    pastPivot: definition !== undefined && !isCompensatingOrCan(definition, state),
    error,
    incident: incident('PAUSED', pause.reason, state.definition, pause.step, direction, error, definition),
  };
}

/** How the step failed, when its failures used up the attempts; otherwise what the pause says. */
function errorOfPause({ pause, steps }: SagaState): string {
  const { step = '', detail = '', reason } = pause ?? {};
  const { exchange, objection } = steps[step] ?? {};
  const failed = (reason === 'needs-attention' || reason === 'unfinished') && exchange?.waitsFor !== 'reply';
  if (!failed || objection === undefined) return detail;
  return objection.detail === undefined ? objection.reason : `${objection.reason}: ${objection.detail}`;
}

function compensatedIn(definition: SagaDefinition | undefined, state: SagaState): SagaIncident {
  const { kind, step, reason, detail } = state.cause ?? { kind: 'parent', reason: 'never begun' };
  const error = detail === undefined ? reason : `${reason}: ${detail}`;
  return {
    since: state.endedAt ?? state.startedAt,
    pastPivot: false,
    error,
    incident: incident('COMPENSATED', kind, state.definition, step, 'action', error, definition),
  };
}

function incident(
  status: Incident['status'],
  reason: string,
  definitionName: string,
  stepOfSaga: string | undefined,
  direction: 'action' | 'compensation',
  errorOfSaga: string,
  definition: SagaDefinition | undefined,
): Incident {
  const step = stepOfSaga?.replace(/\[\d+\]$/, '');
  const error = maskError(errorOfSaga);
  const command =
    definition && stepOfSaga !== undefined ? stepNamed(definition, stepOfSaga)?.[direction]?.command.name : undefined;
  // The command follows from the definition, which may be missing for a while: it is no part of the id.
  const id = idOf([status, reason, definitionName, step ?? '', direction, error]);
  return { id, status, reason, definition: definitionName, step, command, error };
}

/** A UUID of version 8 (RFC 9562): a digest. */
function idOf(parts: readonly string[]): string {
  const bytes = createHash('sha256').update(parts.join('\0')).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
