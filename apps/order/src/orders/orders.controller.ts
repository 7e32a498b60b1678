import { Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { HttpController, notFound } from '@palinode/service';
import { Outages } from '../outages/outages';
import { Order, OrderPage, OrderParams, OrderQuery } from './order-messages';
import { Orders } from './orders';

@HttpController('orders')
export class OrdersController {
  constructor(
    private readonly orders: Orders,
    private readonly outages: Outages,
  ) {}

  @Get()
  @ApiOkResponse({ type: OrderPage })
  async list(@Query() query: OrderQuery): Promise<OrderPage> {
    const page = await this.orders.page(query);
    return { ...page, items: page.items.map((order) => this.withWait(order)) };
  }

  @Get(':id')
  @ApiOkResponse({ type: Order })
  async read(@Param() { id }: OrderParams): Promise<Order> {
    const order = await this.orders.find(id);
    if (order === undefined) throw notFound(`The order ${id}`);
    return this.withWait(order);
  }

  private withWait(order: Order): Order {
    const waitsFor = this.outages.current;
    return waitsFor !== undefined && order.status === 'PENDING' ? { ...order, waitsFor } : order;
  }
}
