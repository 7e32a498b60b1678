import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { OpenConnections } from './open-connections';

/** So long a client that has connected may take to begin its first request, once the service stops. */
const FIRST_REQUEST_MS = 2_000;

/** How often Node looks for requests that take too long to arrive, or less often where they may take longer. */
const LOOK_EVERY_MS = 1_000;

export interface HttpLimits {
  /** How many connections may be open at once. */
  readonly connections: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveMs: number;
  /** How long a client may take to send the headers of a request, the time before its first byte included. */
  readonly headersMs: number;
  /** How long a client may take to send a whole request, and as long again to read its answer. */
  readonly requestMs: number;
}

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
 * 4. No client keeps a connection for ever by what it does not do: connect without a request, send half a request, or not read
 *    its answer. Streams of events drop those that do not read by themselves.
 */
export class HttpConnections extends ExpressAdapter {
  private readonly connections: OpenConnections;

  constructor(private readonly limits: HttpLimits) {
    super();
    this.connections = new OpenConnections({ connections: limits.connections, firstByteMs: limits.headersMs });
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
    const { keepAliveMs, headersMs, requestMs } = this.limits;
    this.server.keepAliveTimeout = keepAliveMs;
    this.server.headersTimeout = headersMs;
    this.server.requestTimeout = Math.max(headersMs, requestMs);
    Object.assign(this.server, { connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersMs) });
    this.connections.watch(this.server);
    this.server.prependListener('request', (request, response) => this.follow(request, response));
  }

  override async close(): Promise<void> {
    const soon = setTimeout(() => this.connections.endSilent(), FIRST_REQUEST_MS);
    await super.close();
    clearTimeout(soon);
  }

  private follow({ socket }: IncomingMessage, response: ServerResponse): void {
    let unread: NodeJS.Timeout | undefined;
    this.connections.begin(socket);
    response.once('prefinish', () => {
      unread = setTimeout(() => socket.destroy(), this.limits.requestMs).unref();
    });
    response.once('finish', () => clearTimeout(unread));
    response.once('close', () => {
      clearTimeout(unread);
      this.connections.end(socket);
    });
  }

  private get server(): Server {
    return this.getHttpServer();
  }
}
