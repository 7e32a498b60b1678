import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { OpenConnections } from './open-connections';

/** How long a connected client may take to begin its first request once the service stops. */
const FIRST_REQUEST_MS = 2_000;

/** The interval at which Node checks request timeouts; longer timeouts use a longer interval. */
const CHECK_INTERVAL_MS = 1_000;

export interface HttpLimits {
  /** How many connections may be open at once. */
  readonly connections: number;
  /** How long a connection may be idle between two requests. */
  readonly keepAliveMs: number;
  /** How long a client may take from connecting to the end of a request's headers. */
  readonly headersMs: number;
  /** How long a client may take to send a whole request, and the same again to read the answer. */
  readonly requestMs: number;
}

/**
 * Serves HTTP with persistent connections.
 * 1. An idle connection stays open longer than a load balancer keeps it, because a request that is sent while the server
 *    closes the connection gets no answer. Node's default of 5 seconds is too short. Node's `headersTimeout` runs from the
 *    first byte of a request, so it ends no idle connection.
 * 2. Once the server stops accepting connections, each ends with its current answer. Node closes only connections that are
 *    idle at that moment; a busy client would keep a stopping service alive.
 * 3. A connection without any request does not count as idle for Node, although browsers and load balancers open some in
 *    advance. It is closed a moment later, because its first request may be on the way.
 * 4. No client keeps a connection forever by inactivity: connecting without a request, sending half a request, or not
 *    reading the answer. Event streams drop slow readers themselves.
 */
export class HttpConnections extends ExpressAdapter {
  private readonly connections: OpenConnections;

  constructor(private readonly limits: HttpLimits) {
    super();
    this.connections = new OpenConnections({ connections: limits.connections, firstByteMs: limits.headersMs });
    this.use((_request: Request, response: Response, next: NextFunction) => {
      if (!this.server.listening) response.setHeader('Connection', 'close');
      response.once('close', () => {
        // The connection becomes idle only after this turn of the event loop.
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
    Object.assign(this.server, { connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, headersMs) });
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
