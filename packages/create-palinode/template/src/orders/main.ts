import { NestFactory } from '@nestjs/core';
import { connectParticipant } from '@palinode/saga/participant';
import { listen } from '../service/listen.js';
import { logger } from '../service/logger.js';
import { OrdersModule } from './orders.module.js';

const app = await NestFactory.create(OrdersModule, { logger });
connectParticipant(app);
await listen(app);
