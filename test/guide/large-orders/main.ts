import { NestFactory } from '@nestjs/core';
import { connectSubscriber } from '@palinode/saga/subscriber';
import { LargeOrdersModule } from './large-orders';

async function main(): Promise<void> {
  const app = await NestFactory.create(LargeOrdersModule);
  connectSubscriber(app);
  app.enableShutdownHooks();
  await app.startAllMicroservices();
}

void main();
