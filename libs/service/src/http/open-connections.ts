import type { Server, Socket } from 'node:net';

export interface ConnectionLimits {
  /** The maximum of open connections. */
  readonly connections: number;
  /** How long a client may be connected without sending a byte. */
  readonly firstByteMs: number;
}

/**
 * Limits the connections of one server, for any protocol.
 * 1. A client that connects and sends nothing is disconnected after `firstByteMs`.
 * 2. At the limit, a new connection replaces the oldest one that has sent nothing, or else, where the server reports
 *    requests, the one that has been idle for longest. If all are in use, the new connection is closed. So idle connections
 *    never block customers.
 */
export class OpenConnections {
  /** The requests in progress by connection; a connection that becomes idle moves to the end. */
  private readonly open = new Map<Socket, number>();
  private knowsRequests = false;

  constructor(private readonly limits: ConnectionLimits) {}

  get count(): number {
    return this.open.size;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.add(socket));
  }

  /** Counts a request that begins on this connection. */
  begin(socket: Socket): void {
    this.knowsRequests = true;
    const requests = this.open.get(socket);
    if (requests !== undefined) this.open.set(socket, requests + 1);
  }

  end(socket: Socket): void {
    const requests = this.open.get(socket);
    if (requests === undefined) return;
    this.open.delete(socket);
    this.open.set(socket, requests - 1);
  }

  endSilent(): void {
    for (const socket of this.open.keys()) if (socket.bytesRead === 0) socket.destroy();
  }

  private add(socket: Socket): void {
    if (this.open.size >= this.limits.connections) {
      const idle = this.replaceable();
      if (idle === undefined) {
        socket.destroy();
        return;
      }
      this.open.delete(idle);
      idle.destroy();
    }
    this.open.set(socket, 0);
    const silent = setTimeout(() => {
      if (socket.bytesRead === 0) socket.destroy();
    }, this.limits.firstByteMs).unref();
    socket.once('close', () => {
      clearTimeout(silent);
      this.open.delete(socket);
    });
  }

  private replaceable(): Socket | undefined {
    const sockets = [...this.open.keys()];
    return (
      sockets.find(({ bytesRead }) => bytesRead === 0) ??
      (this.knowsRequests ? sockets.find((socket) => this.open.get(socket) === 0) : undefined)
    );
  }
}
