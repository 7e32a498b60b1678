import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';

/**
 * Ends connections that clients keep, each with the answer in hand, once the server takes no new ones. Node closes only those
 * that are idle at that moment: a client that asks again and again by one connection would keep a stopping server for ever.
 */
export function endConnections(app: NestExpressApplication): void {
  const server: Server = app.getHttpServer();
  app.use((_request: Request, response: Response, next: NextFunction) => {
    if (!server.listening) response.setHeader('Connection', 'close');
    response.once('close', () => {
      // The connection counts as idle only after this turn of the event loop.
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
    next();
  });
}
