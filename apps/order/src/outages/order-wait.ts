import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** What an order is waiting for. */
export class OrderWait {
  @ApiPropertyOptional({ example: 'payment', description: 'The service that is away' })
  service?: string;

  @ApiProperty()
  since!: Date;

  @ApiProperty({ example: 'payment is away since 2026-11-30T01:19:43.000Z; your order waits' })
  message!: string;

  static for({ service, since }: { readonly service: string | null; readonly since: Date }): OrderWait {
    const message = `${service ?? 'a part of the shop'} is away since ${since.toISOString()}; your order waits`;
    return { ...(service === null ? {} : { service }), since, message };
  }
}
