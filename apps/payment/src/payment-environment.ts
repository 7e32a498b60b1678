import { ServiceEnvironment } from '@palinode/service';
import { IsOptional, IsString } from 'class-validator';

/** What the payment service is told beyond what every service is told. */
export class PaymentEnvironment extends ServiceEnvironment {
  /** The file in which the card gateway for demonstrations writes down what it has done; without it nowhere. */
  @IsOptional()
  @IsString()
  CARD_GATEWAY_RECORD?: string;
}
