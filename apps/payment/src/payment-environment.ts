import { ServiceEnvironment } from '@palinode/service';
import { IsOptional, IsString } from 'class-validator';

/** The payment service's settings beyond those of every service. */
export class PaymentEnvironment extends ServiceEnvironment {
  /** The file in which the demonstration card gateway records its actions; without it there is no record. */
  @IsOptional()
  @IsString()
  CARD_GATEWAY_RECORD?: string;
}
