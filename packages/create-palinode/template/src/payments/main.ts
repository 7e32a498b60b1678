import { NestFactory } from '@nestjs/core';
import { connectParticipant } from '@palinode/saga/participant';
import { listen } from '../service/listen.js';
import { logger } from '../service/logger.js';
import { PaymentsModule } from './payments.module.js';

const app = await NestFactory.create(PaymentsModule, { logger });
connectParticipant(app);
await listen(app);
