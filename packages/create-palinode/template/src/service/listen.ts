import type { INestApplication } from '@nestjs/common';
import { host, port } from './environment.js';

/** Serves HTTP until SIGTERM or SIGINT, after which what has begun is finished. */
export async function listen(app: INestApplication): Promise<void> {
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(port, host);
}
