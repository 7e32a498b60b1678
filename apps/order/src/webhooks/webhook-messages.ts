import { ApiProperty } from '@nestjs/swagger';

export class WebhookAttempt {
  @ApiProperty({ example: 1 })
  attempt!: number;

  @ApiProperty({ format: 'date-time' })
  at!: string;

  @ApiProperty({ example: 48 })
  tookMs!: number;

  @ApiProperty({
    nullable: true,
    type: Number,
    example: 503,
    description: 'The HTTP status of the answer, if there was one',
  })
  status!: number | null;

  @ApiProperty({ nullable: true, type: String, example: 'no answer in time' })
  problem!: string | null;
}

export class WebhookDelivery {
  @ApiProperty({ format: 'uuid', description: 'The `webhook-id` of all its attempts' })
  id!: string;

  @ApiProperty({ example: 'approved' })
  event!: string;

  @ApiProperty({ example: 2 })
  seq!: number;

  @ApiProperty({ example: 'hooks.example.com' })
  host!: string;

  @ApiProperty({ enum: ['PENDING', 'DELIVERED', 'GIVEN_UP'] })
  status!: 'PENDING' | 'DELIVERED' | 'GIVEN_UP';

  @ApiProperty({ nullable: true, type: Date, description: 'The time of the next attempt' })
  nextAttemptAt!: Date | null;

  @ApiProperty()
  createdAt!: Date;

  @ApiProperty({ nullable: true, type: Date })
  endedAt!: Date | null;

  @ApiProperty({ type: [WebhookAttempt] })
  attempts!: readonly WebhookAttempt[];
}

export class WebhookDeliveries {
  @ApiProperty({ type: [WebhookDelivery] })
  items!: WebhookDelivery[];
}
