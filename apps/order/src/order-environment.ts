import { ServiceEnvironment } from '@palinode/service';
import { IsOptional, Matches } from 'class-validator';

const URL_OF_A_SERVICE = /^https?:\/\/[^\s/]+$/;

/** What the order service is told beyond what every service is told. */
export class OrderEnvironment extends ServiceEnvironment {
  /** Where clients, not services, reach the orchestrator; without it an order has no link to its saga. */
  @IsOptional()
  @Matches(URL_OF_A_SERVICE, { message: 'must be the address of the orchestrator, such as http://127.0.0.1:3000' })
  PUBLIC_URL_ORCHESTRATOR?: string;
}
