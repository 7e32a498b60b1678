import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** So long a client that has connected may take to begin its first request, once the service stops. */
const FIRST_REQUEST_MS = 2_000;

/**
 * Serves HTTP by connections that are kept between requests.
 *
 * 1. An idle connection is kept for longer than a load balancer keeps it: whoever closes one may do so at the instant at which
 *    the other side asks, and that request gets no answer. Node's own 5 seconds are too short for that. Its `headersTimeout`
 *    runs from the first byte of a request, so it ends no idle connection.
 * 2. Once no new connections are taken, each ends with the answer in hand. Node ends those that are idle at that moment; one
 *    by which a client asks again and again would keep a stopping service for ever.
 * 3. So would one by which nothing was ever asked, which Node does not count as idle: browsers and load balancers connect
 *    ahead. It is ended a moment later, since its first request may be on the way.
 */
export class HttpConnections extends ExpressAdapter {
  private readonly connections = new Set<Socket>();

  constructor(private readonly keepAliveMs: number) {
    super();
    this.use((_request: Request, response: Response, next: NextFunction) => {
      if (!this.server.listening) response.setHeader('Connection', 'close');
      response.once('close', () => {
        // The connection counts as idle only after this turn of the event loop.
        if (!this.server.listening) setImmediate(() => this.server.closeIdleConnections());
      });
      next();
    });
  }

  override initHttpServer(options: NestApplicationOptions): void {
    super.initHttpServer(options);
    this.server.keepAliveTimeout = this.keepAliveMs;
    this.server.on('connection', (socket) => {
      this.connections.add(socket);
      socket.once('close', () => this.connections.delete(socket));
    });
  }

  override async close(): Promise<void> {
    const soon = setTimeout(() => this.endSilent(), FIRST_REQUEST_MS);
    await super.close();
    clearTimeout(soon);
  }

  private endSilent(): void {
    for (const socket of this.connections) if (socket.bytesRead === 0) socket.destroy();
  }

  private get server(): Server {
    return this.getHttpServer();
  }
}
