import { NestFactory } from '@nestjs/core';
import { connectParticipant } from '@palinode/saga/participant';
import { ConciergeModule } from './concierge.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(ConciergeModule);
  connectParticipant(app);
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(process.env['PORT'] ?? 3014, '127.0.0.1');
  // hotel.ts, which starts the service, waits for this.
  process.send?.(await app.getUrl());
}

void main();
