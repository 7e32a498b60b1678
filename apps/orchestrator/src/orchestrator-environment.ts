import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';

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

  /** Whether the orchestrator holds the commands of a participant that is away by itself, or only when a person says so. */
  @IsIn(['automatic', 'by-hand'])
  HOLDS: string = 'automatic';
}
