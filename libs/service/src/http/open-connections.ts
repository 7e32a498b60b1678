import type { Server, Socket } from 'node:net';

export interface ConnectionLimits {
  /** How many connections may be open at once. */
  readonly connections: number;
  /** How long a client may be connected without sending anything. */
  readonly firstByteMs: number;
}

/**
 * Bounds the connections of one server, of whatever protocol.
 *
 * 1. A client that connects and sends nothing is disconnected after `firstByteMs`.
 * 2. When one more connects than may be open, one that has sent nothing is disconnected for it, the oldest first; if there is
 *    none, the one that has been idle for longest, where the server tells of requests. If all are in use, the newcomer is
 *    disconnected. So connections that ask nothing keep no customer out.
 */
export class OpenConnections {
  /** The requests in progress by connection; one that becomes idle moves to the end. */
  private readonly open = new Map<Socket, number>();
  private knowsRequests = false;

  constructor(private readonly limits: ConnectionLimits) {}

  get count(): number {
    return this.open.size;
  }

  watch(server: Server): void {
    server.on('connection', (socket) => this.add(socket));
  }

  /** A request of this connection has begun. */
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
      const idle = this.dispensable();
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

  private dispensable(): Socket | undefined {
    const sockets = [...this.open.keys()];
    return (
      sockets.find(({ bytesRead }) => bytesRead === 0) ??
      (this.knowsRequests ? sockets.find((socket) => this.open.get(socket) === 0) : undefined)
    );
  }
}
