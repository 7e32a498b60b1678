import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, Max, Min } from 'class-validator';

/** What the orchestrator is told beyond what every service is told. */
export class OrchestratorEnvironment extends ServiceEnvironment {
  /** How many days a dead letter is kept after somebody has decided on it. */
  @IsInt({ message: 'must be a number of days' })
  @Min(1)
  @Max(3_650)
  DEAD_LETTER_DAYS: number = 30;

  /** Whether what becomes of sagas is made known on `saga.events`. */
  @IsIn(['on', 'off'])
  LIFECYCLE_EVENTS: string = 'off';
}
