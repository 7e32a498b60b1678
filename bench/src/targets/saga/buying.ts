import { Body, Controller, HttpCode, Injectable, Post, ValidationPipe } from '@nestjs/common';
import { GroupCommit } from '@palinode/service';
import { prepared, Sagas } from '@palinode/saga/participant';
import { DataSource, type EntityManager } from 'typeorm';
import { PLACE, type BenchOrder } from '../effects';
import { untilFinished } from '../load';
import { buy, Order } from './contracts';

/** Accepts orders. Concurrent ones are written in one transaction, as in the shop. */
@Injectable()
export class Buying {
  private readonly group: GroupCommit<BenchOrder, string>;

  constructor(
    source: DataSource,
    private readonly sagas: Sagas,
  ) {
    this.group = new GroupCommit((orders) =>
      source.transaction((tx) => Promise.all(orders.map((order) => this.place(tx, order)))),
    );
  }

  /** Resolves when the order's saga has had its last effect in this process. */
  async buy(order: BenchOrder): Promise<void> {
    const end = untilFinished(order.orderId);
    await this.group.add(order);
    await end;
  }

  private async place(tx: EntityManager, order: BenchOrder): Promise<string> {
    const { orderId, sku, quantity, amountCents } = order;
    const [, sagaId] = await Promise.all([
      prepared(tx, 'place', PLACE, [orderId, sku, quantity, amountCents]),
      this.sagas.start(tx, buy, order),
    ]);
    return sagaId;
  }
}

/** `POST /orders`, answered when the order's saga has ended, as the shop does for `Prefer: wait`. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly buying: Buying) {}

  @Post()
  @HttpCode(200)
  async order(@Body(new ValidationPipe({ transform: true, whitelist: true })) order: Order): Promise<object> {
    await this.buying.buy(order);
    return { orderId: order.orderId };
  }
}
