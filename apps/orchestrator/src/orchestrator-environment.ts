import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

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

  /** Whether what becomes of sagas is made known on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';
}
