import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { CUSTOMER_ID, OrderLine, PAYMENT_TOKEN } from '@palinode/contracts';
import { Type } from 'class-transformer';
import { OrderWait } from '../outages/order-wait';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';

export class OrderRequestLine extends OrderLine {
  @ApiProperty({ example: 'SKU-CUP' })
  declare sku: string;

  @ApiProperty({ minimum: 1, maximum: 100, example: 2 })
  declare quantity: number;
}

export class OrderRequest {
  @ApiProperty({ example: 'customer-7' })
  @Matches(CUSTOMER_ID, { message: 'must be 1 to 64 letters, digits, dots, dashes, colons or underscores' })
  customerId!: string;

  @ApiProperty({ type: [OrderRequestLine], minItems: 1, maxItems: 50 })
  @ValidateNested({ each: true })
  @ArrayUnique((line?: OrderRequestLine) => line?.sku, { message: 'must not name an article twice' })
  @ArrayMaxSize(50)
  @ArrayMinSize(1)
  @IsArray()
  @Type(() => OrderRequestLine)
  lines!: OrderRequestLine[];

  @ApiProperty({ example: 'tok_ok', description: 'The token of the card at the card gateway; tok_declined is refused' })
  @Matches(PAYMENT_TOKEN, { message: 'must be a token of the card gateway, such as tok_ok' })
  paymentToken!: string;

  @ApiPropertyOptional({
    format: 'uri',
    example: 'https://hooks.example.com/orders',
    description: 'Called on each event of the order; its host must be in WEBHOOK_HOSTS',
  })
  @IsOptional()
  @IsString()
  webhookUrl?: string;
}

export class OrderLinks {
  @ApiProperty({ example: '/orders/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e21' })
  order!: string;

  @ApiProperty({ example: '/orders/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e21/events' })
  events!: string;

  @ApiPropertyOptional({ description: 'Its webhook deliveries; missing without a webhook' })
  webhookDeliveries?: string;

  @ApiPropertyOptional({
    example: 'http://127.0.0.1:3000/v1/sagas/019a0d3e-7c1b-7d55-b6a5-6a0c3c8d4e22',
    description: 'Its saga at the orchestrator; missing when PUBLIC_URL_ORCHESTRATOR is not set',
  })
  saga?: string;
}

export class OrderAccepted {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;

  @ApiProperty({ enum: ['PENDING'] })
  status!: 'PENDING';

  @ApiPropertyOptional({ description: 'The outage that it waits for; missing without one' })
  waitsFor?: OrderWait;

  @ApiProperty()
  links!: OrderLinks;
}
