import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Broker } from '../broker';
import { Connection } from './connection';
import { ConnectionMemory } from './connection-memory';

/** The port is in use, or the address does not belong to this machine. */
export class CannotListenError extends Error {
  override readonly name = 'CannotListenError';
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): CannotListenError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'the port is in use; stop the program that listens there, or choose another port (0 takes a free one)',
    EADDRNOTAVAIL: 'the host is no address of this machine',
    EACCES: 'this user may not use the port; choose one above 1023',
  };
  const reason = reasons[error.code ?? ''] ?? error.message;
  return new CannotListenError(`The broker cannot listen on ${host}:${port}: ${reason}.`, { cause: error });
}

/** Accepts connections and handles their requests. */
export class Listener {
  private readonly connections = new Set<Connection>();
  private readonly server: Server;
  private readonly memory: ConnectionMemory;

  constructor(private readonly broker: Broker) {
    this.memory = new ConnectionMemory(broker.settings.connectionMemoryBytes);
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
    broker.groups.onRebalance((group) => {
      for (const connection of this.connections) connection.onRebalance(group);
    });
  }

  /** Resolves to the port it listens on. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error): void => reject(cannotListen(error, host, port));
      this.server.once('error', onError);
      this.server.listen(port, host, () => {
        this.server.off('error', onError);
        // The broker keeps running when a connection cannot be accepted, for example without a free file descriptor.
        this.server.on('error', (error) => this.broker.settings.onError(error));
        resolve((this.server.address() as AddressInfo).port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const connection of this.connections) connection.destroy();
    });
  }

  private accept(socket: Socket): void {
    if (this.connections.size >= this.broker.settings.connectionsMax && !this.endLongestIdle()) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.broker, this.memory);
    this.connections.add(connection);
    socket.on('close', () => this.connections.delete(connection));
  }

  /**
   * Makes room for a new connection. Connections that never sent a request are closed first; those with a request in
   * progress stay.
   */
  private endLongestIdle(): boolean {
    let longest: Connection | undefined;
    for (const connection of this.connections) {
      if (connection.idleSinceMs === undefined) continue;
      if (!longest || isIdleLonger(connection, longest)) longest = connection;
    }
    if (!longest) return false;
    this.connections.delete(longest);
    longest.destroy();
    return true;
  }
}

function isIdleLonger(connection: Connection, other: Connection): boolean {
  if (connection.hasSentRequest !== other.hasSentRequest) return other.hasSentRequest;
  return connection.idleSinceMs! < other.idleSinceMs!;
}
