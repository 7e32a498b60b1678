import { Controller, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { defineEvent } from '@palinode/saga/contract';
import { HandleEvent, SubscriberModule, subscriberMigrations } from '@palinode/saga/subscriber';
import { IsInt, IsUUID } from 'class-validator';
import { EntityManager } from 'typeorm';
import { CreateLargeOrders1763700000003 } from './create-large-orders';

class Placed {
  @IsUUID() orderId!: string;
  @IsInt() totalCents!: number;
}
const orderPlaced = defineEvent('order.placed', { payload: Placed, subject: ({ orderId }) => orderId });

@Controller()
class LargeOrders {
  @HandleEvent(orderPlaced)
  async note({ orderId, totalCents }: Placed, tx: EntityManager): Promise<void> {
    if (totalCents < 100_000) return;
    await tx.query('INSERT INTO large_order (id, cents) VALUES ($1, $2)', [orderId, totalCents]);
  }
}

const { DATABASE_URL: url, KAFKA_BROKER: broker = '127.0.0.1:9192' } = process.env;
const migrations = [...subscriberMigrations, CreateLargeOrders1763700000003];
const database = TypeOrmModule.forRoot({ type: 'postgres', url, migrations, migrationsRun: true });
const subscriber = SubscriberModule.forRoot({ group: 'large-orders', kafka: { brokers: [broker] } });

@Module({ imports: [database, subscriber], controllers: [LargeOrders] })
export class LargeOrdersModule {}
