import { HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiOperation, ApiProperty } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { OrderParams } from '../orders/order-messages';
import { OrderCancelling } from './order-cancelling';

export class CancellationAccepted {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ format: 'uuid' })
  sagaId!: string;
}

@HttpController('orders/:id/cancellation')
export class CancellingController {
  constructor(private readonly cancelling: OrderCancelling) {}

  @Post()
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Cancels an approved order: the money goes back, and the stock' })
  @ApiAcceptedResponse({ type: CancellationAccepted })
  @ApiConflictResponse({ description: 'The order is not approved' })
  async cancel(@Param() { id }: OrderParams): Promise<CancellationAccepted> {
    return { orderId: id, sagaId: await this.cancelling.cancel(id) };
  }
}
