import { Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { HttpController, notFound } from '@palinode/service';
import { Order, OrderPage, OrderParams, OrderQuery } from './order-messages';
import { Orders } from './orders';

@HttpController('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  @Get()
  @ApiOkResponse({ type: OrderPage })
  list(@Query() query: OrderQuery): Promise<OrderPage> {
    return this.orders.page(query);
  }

  @Get(':id')
  @ApiOkResponse({ type: Order })
  async read(@Param() { id }: OrderParams): Promise<Order> {
    const order = await this.orders.find(id);
    if (order === undefined) throw notFound(`The order ${id}`);
    return order;
  }
}
