import { Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { HttpController, notFound } from '@palinode/service';
import { OrderParams } from '../orders/order-messages';
import { Orders } from '../orders/orders';
import { WebhookDeliveries, type WebhookDelivery } from './webhook-messages';
import { WebhookQueue, type StoredDelivery } from './webhook-queue';

@HttpController('orders')
export class WebhookController {
  constructor(
    private readonly orders: Orders,
    private readonly queue: WebhookQueue,
  ) {}

  @Get(':id/webhook-deliveries')
  @ApiOperation({ summary: 'Lists the webhook deliveries of an order, and how each attempt ended' })
  @ApiOkResponse({ type: WebhookDeliveries })
  async list(@Param() { id }: OrderParams): Promise<WebhookDeliveries> {
    const [order, deliveries] = await Promise.all([this.orders.find(id), this.queue.deliveriesOf(id)]);
    if (order === undefined) throw notFound(`The order ${id}`);
    return { items: deliveries.map(present) };
  }
}

function present({ log, dueAt, ...delivery }: StoredDelivery): WebhookDelivery {
  return { ...delivery, nextAttemptAt: delivery.status === 'PENDING' ? dueAt : null, attempts: log };
}
