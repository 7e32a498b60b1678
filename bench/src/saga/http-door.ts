import { Body, Controller, HttpCode, Post, ValidationPipe } from '@nestjs/common';
import { Buying } from './buying';
import { Order } from './contracts';

/** `POST /orders`, answered when the order's saga has ended, as the shop answers whoever prefers to wait. */
@Controller('orders')
export class HttpDoor {
  constructor(private readonly buying: Buying) {}

  @Post()
  @HttpCode(200)
  async order(@Body(new ValidationPipe({ transform: true, whitelist: true })) order: Order): Promise<object> {
    await this.buying.buy(order);
    return { orderId: order.orderId };
  }
}
