import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsNumber, IsOptional, IsUUID, Max, Min } from 'class-validator';

/** The orchestrator's settings beyond those of every service. */
export class OrchestratorEnvironment extends ServiceEnvironment {
  /** How many days a dead letter is kept after its decision. */
  @IsInt({ message: 'must be a number of days' })
  @Min(1)
  @Max(3_650)
  DEAD_LETTER_DAYS: number = 30;

  /** How many days a saga is kept after its end; without it for ever. */
  @IsOptional()
  @IsInt({ message: 'must be a number of days' })
  @Min(2)
  @Max(3_650)
  ENDED_SAGA_DAYS?: number;

  /** The identity of the previous orchestrator database, which is permanently gone; see docs/operations.md. */
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the identity of a database, as the error names it' })
  TAKE_OVER_FROM?: string;

  /** Whether saga lifecycle events are published on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';

  /** Whether the orchestrator places holds on an unavailable participant by itself; operators can always place holds. */
  @IsIn(['on', 'off'])
  AUTOMATIC_HOLDS: string = 'on';

  /** A participant that owes answers and gives none for this time is unavailable. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_SILENCE_MS: number = 10_000;

  /** A command whose answers are failures by this share is broken. */
  @IsNumber()
  @Min(0.01)
  @Max(1)
  HOLD_AFTER_FAILURES_SHARE: number = 0.5;

  /** Counts answers within this time. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_FAILURES_WITHIN_MS: number = 10_000;

  /** And at least this many failures. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  HOLD_AFTER_FAILURES: number = 20;
}
