import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { PickType } from '@nestjs/swagger';
import { PlaceOrder } from '../contracts/index.js';
import { Orders, type Order } from './orders.js';

class OrderRequest extends PickType(PlaceOrder, ['sku', 'quantity', 'cardToken']) {}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: Orders) {}

  /** Answers before the saga has ended; `GET /orders/:id` shows the outcome. */
  @Post()
  @HttpCode(202)
  place(
    @Body(new ValidationPipe({ whitelist: true, expectedType: OrderRequest })) request: OrderRequest,
  ): Promise<{ orderId: string; sagaId: string }> {
    return this.orders.place(request);
  }

  @Get(':id')
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<Order> {
    const order = await this.orders.find(id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }
}
