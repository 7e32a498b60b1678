import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsNumber, IsOptional, IsUUID, Max, Min } from 'class-validator';

/** The orchestrator's settings beyond those of every service. */
export class OrchestratorEnvironment extends ServiceEnvironment {
  /** How many days a dead letter is kept after its decision. */
  @IsInt({ message: 'must be a number of days' })
  @Min(1)
  @Max(3_650)
  DEAD_LETTER_DAYS: number = 30;

  /** How many days a saga is kept after its end; unset to keep all. */
  @IsOptional()
  @IsInt({ message: 'must be a number of days' })
  @Min(2)
  @Max(3_650)
  ENDED_SAGA_DAYS?: number;

  /** The identity of the previous orchestrator database, which is permanently gone; see docs/shared-clusters.md. */
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the identity of a database, as the error names it' })
  TAKE_OVER_FROM?: string;

  /** Whether saga lifecycle events are published on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';

  /** Whether the orchestrator places holds on an unavailable participant by itself; operators can always place holds. */
  @IsIn(['on', 'off'])
  AUTOMATIC_HOLDS: string = 'on';

  /** A participant that answers no command for this time, although one waits, counts as unavailable. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_SILENCE_MS: number = 10_000;

  /** The share of failures among the replies at which a command counts as broken. */
  @IsNumber()
  @Min(0.01)
  @Max(1)
  HOLD_AFTER_FAILURES_SHARE: number = 0.5;

  /** The time window in which replies count. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_FAILURES_WITHIN_MS: number = 10_000;

  /** The least number of failures in that window. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  HOLD_AFTER_FAILURES: number = 20;
}
