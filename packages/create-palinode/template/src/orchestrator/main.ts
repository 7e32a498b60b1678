import { NestFactory } from '@nestjs/core';
import { listen } from '../service/listen.js';
import { logger } from '../service/logger.js';
import { OrchestratorAppModule } from './orchestrator.module.js';

const app = await NestFactory.create(OrchestratorAppModule, { logger });
await listen(app);
