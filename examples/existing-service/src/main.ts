import { NestFactory } from '@nestjs/core';
import { connectParticipant } from '@palinode/saga/participant';
import { AppModule } from './app.module.js';

const app = await NestFactory.create(AppModule);
connectParticipant(app);
app.enableShutdownHooks();
await app.startAllMicroservices();
await app.listen(process.env['PORT'] ?? 3020);
