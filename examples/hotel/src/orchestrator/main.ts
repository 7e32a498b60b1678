import { NestFactory } from '@nestjs/core';
import { OrchestratorAppModule } from './orchestrator-app.module.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(OrchestratorAppModule);
  app.enableShutdownHooks();
  await app.listen(process.env['PORT'] ?? 3013, '127.0.0.1');
  // hotel.ts, which starts the service, waits for this.
  process.send?.(await app.getUrl());
}

void main();
