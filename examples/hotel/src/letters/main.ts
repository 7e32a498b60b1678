import { NestFactory } from '@nestjs/core';
import { connectSubscriber } from '@palinode/saga/subscriber';
import { LettersModule } from './letters.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(LettersModule);
  connectSubscriber(app);
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(process.env['PORT'] ?? 3015, '127.0.0.1');
  // hotel.ts, which starts the service, waits for this.
  process.send?.(await app.getUrl());
}

void main();
