import type { CauseKind, PauseReason, SagaStatus } from '../engine';

/** Which sagas are meant; what is absent does not restrict them. Instants are texts of RFC 3339. */
export interface SagaFilter {
  /** A single one in bulk actions of former releases. */
  readonly status?: SagaStatus | readonly SagaStatus[] | undefined;
  readonly definition?: string | undefined;
  /** Of the definition. */
  readonly version?: number | undefined;
  /** The business key. */
  readonly subject?: string | undefined;
  /**
   * The beginning of its id, of its business key, or of the id of one of its commands or dead letters; or a value of a
   * search attribute.
   */
  readonly q?: string | undefined;
  /** `name:value`; all must fit. */
  readonly attribute?: readonly string[] | undefined;
  /** Why it is paused. */
  readonly reason?: readonly PauseReason[] | undefined;
  /** Why it is, or was, compensated. */
  readonly cause?: readonly CauseKind[] | undefined;
  /** Where it stands; when it is COMPENSATED, what caused it. */
  readonly step?: readonly string[] | undefined;
  /** The service of that step. */
  readonly service?: readonly string[] | undefined;
  readonly startedAfter?: string | undefined;
  readonly startedBefore?: string | undefined;
  readonly endedAfter?: string | undefined;
  readonly endedBefore?: string | undefined;
  /** Whether it is PAUSED, held, or overdue. */
  readonly stuck?: 'true' | 'false' | undefined;
  /** Whether one of its steps waits for a hold to end. */
  readonly held?: 'true' | 'false' | undefined;
  /** The id of an incident. */
  readonly incident?: string | undefined;
}
