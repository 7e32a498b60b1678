import { ApiProperty } from '@nestjs/swagger';
import { IsId } from '@palinode/saga/contract';

export class NotificationQuery {
  @ApiProperty({ format: 'uuid' })
  @IsId()
  orderId!: string;
}

export class Notification {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ enum: ['order-placed', 'order-approved', 'order-rejected', 'order-cancelled', 'order-revised'] })
  kind!: string;

  @ApiProperty({ example: 0, description: 'The revision of the order; 0 for the other kinds' })
  revision!: number;

  @ApiProperty({ example: 'customer-7' })
  customerId!: string;

  @ApiProperty({ example: 'We have your order' })
  subject!: string;

  @ApiProperty()
  text!: string;

  @ApiProperty()
  createdAt!: Date;
}

export class NotificationList {
  @ApiProperty({ type: [Notification], description: 'Oldest first' })
  items!: Notification[];
}
