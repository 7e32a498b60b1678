import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsNumber, IsOptional, IsUUID, Max, Min } from 'class-validator';

/** What the orchestrator is told beyond what every service is told. */
export class OrchestratorEnvironment extends ServiceEnvironment {
  /** How many days a dead letter is kept after somebody has decided on it. */
  @IsInt({ message: 'must be a number of days' })
  @Min(1)
  @Max(3_650)
  DEAD_LETTER_DAYS: number = 30;

  /** How many days a saga is kept after its end; for ever unless told. */
  @IsOptional()
  @IsInt({ message: 'must be a number of days' })
  @Min(2)
  @Max(3_650)
  ENDED_SAGA_DAYS?: number;

  /** The identity of the database that ran the orchestrator before this one and is gone for good; see docs/operations.md. */
  @IsOptional()
  @IsUUID(undefined, { message: 'must be the identity of a database, as the error names it' })
  TAKE_OVER_FROM?: string;

  /** Whether what becomes of sagas is made known on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';

  /** Whether the orchestrator holds the commands of a participant that is away; holds by hand are always possible. */
  @IsIn(['on', 'off'])
  AUTOMATIC_HOLDS: string = 'on';

  /** For so long nobody had an answer to a command, although one is owed: its participant is away. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_SILENCE_MS: number = 10_000;

  /** So large a share of the answers to a command were failures: it is broken for all. */
  @IsNumber()
  @Min(0.01)
  @Max(1)
  HOLD_AFTER_FAILURES_SHARE: number = 0.5;

  /** Of the answers that came in this time. */
  @IsInt()
  @Min(100)
  @Max(86_400_000)
  HOLD_AFTER_FAILURES_WITHIN_MS: number = 10_000;

  /** And there were so many failures at least. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  HOLD_AFTER_FAILURES: number = 20;
}
