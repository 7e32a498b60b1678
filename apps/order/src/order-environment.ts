import { ServiceEnvironment } from '@palinode/service';
import { IsIn, IsInt, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';

const URL_OF_A_SERVICE = /^https?:\/\/[^\s/]+$/;

/** What the order service is told beyond what every service is told. */
export class OrderEnvironment extends ServiceEnvironment {
  /** Where clients, not services, reach the orchestrator; without it an order has no link to its saga. */
  @IsOptional()
  @Matches(URL_OF_A_SERVICE, { message: 'must be the address of the orchestrator, such as http://127.0.0.1:3000' })
  PUBLIC_URL_ORCHESTRATOR?: string;

  /** How the inventory service is asked before an order is taken, if it is. */
  @IsIn(['grpc', 'rest', 'off'])
  AVAILABILITY: 'grpc' | 'rest' | 'off' = 'off';

  @ValidateIf(({ AVAILABILITY }: OrderEnvironment) => AVAILABILITY === 'grpc')
  @Matches(/^[^\s:/]+:\d+$/, {
    message: 'must be where the inventory service answers gRPC, such as 127.0.0.1:3013, when AVAILABILITY is grpc',
  })
  GRPC_URL_INVENTORY?: string;

  @ValidateIf(({ AVAILABILITY }: OrderEnvironment) => AVAILABILITY === 'rest')
  @Matches(URL_OF_A_SERVICE, {
    message: 'must be the address of the inventory service, such as http://127.0.0.1:3003, when AVAILABILITY is rest',
  })
  SERVICE_URL_INVENTORY?: string;

  /** How long its answer is worth waiting for. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  AVAILABILITY_DEADLINE_MS: number = 150;

  /** After so many questions in a row without a good answer it is not asked any more… */
  @IsInt()
  @Min(1)
  @Max(1_000)
  AVAILABILITY_FAILURES: number = 5;

  /** …for so long. */
  @IsInt()
  @Min(1)
  @Max(600_000)
  AVAILABILITY_PAUSE_MS: number = 5_000;

  /** So many clients may follow orders at one instance. */
  @IsInt()
  @Min(0)
  @Max(100_000)
  EVENT_STREAMS: number = 1_000;

  @IsInt()
  @Min(10)
  @Max(600_000)
  EVENT_HEARTBEAT_MS: number = 15_000;
}
