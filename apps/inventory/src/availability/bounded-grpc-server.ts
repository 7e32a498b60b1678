import { Server, ServerCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { ServerGrpc, type GrpcOptions } from '@nestjs/microservices';
import { explainListening, OpenConnections, type ConnectionLimits } from '@palinode/service';
import { once } from 'node:events';
import { createServer } from 'node:net';

export interface GrpcLimits extends ConnectionLimits {
  /** How long a connection may stay open without a call. */
  readonly idleMs: number;
}

const CALLS_PER_CONNECTION = 100;

/** A request has at most fifty lines. Validating one of four megabytes would take a minute. */
const MAX_REQUEST_BYTES = 16 * 1024;

/**
 * A gRPC server that limits its connections: their number, how long they may be silent or idle, and the calls in progress on
 * each. It detects a client whose machine is gone by an unanswered ping.
 */
export class BoundedGrpcServer extends ServerGrpc {
  private readonly sockets = createServer();
  private readonly connections: OpenConnections;

  constructor(
    options: GrpcOptions['options'],
    private readonly host: string,
    private readonly port: number,
    private readonly limits: GrpcLimits,
  ) {
    super(options);
    this.connections = new OpenConnections(limits);
  }

  override async createClient(): Promise<Server> {
    const server = new Server(this.channelOptions());
    const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
    this.connections.watch(this.sockets);
    this.sockets.on('connection', (socket) => {
      if (!socket.destroyed) injector.injectConnection(socket);
    });
    this.sockets.listen(this.port, this.host);
    const place = { host: this.host, port: this.port, variable: 'GRPC_PORT' };
    await once(this.sockets, 'listening').catch((error: unknown) => explainListening(error, place));
    return server;
  }

  override async close(): Promise<void> {
    this.sockets.close();
    await super.close();
  }

  private channelOptions(): ChannelOptions {
    const { firstByteMs, idleMs } = this.limits;
    return {
      'grpc.max_connection_idle_ms': idleMs,
      'grpc.keepalive_time_ms': firstByteMs,
      'grpc.keepalive_timeout_ms': firstByteMs,
      'grpc.max_concurrent_streams': CALLS_PER_CONNECTION,
      'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    };
  }
}
