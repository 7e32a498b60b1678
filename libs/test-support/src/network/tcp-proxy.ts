/* A TCP proxy between a client and a server. Tests can slow it down, hold it, cut its connections and observe them. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Flow, type Pace } from './flow';

/**
 * What the proxy does with bytes from a client: `last` forwards them and then resets the client; `stop` resets both
 * sides.
 */
export type ForwardingDecision = 'pass' | 'last' | 'stop';

/** Observes one connection. */
export interface ConnectionTap {
  sent(bytes: Buffer): ForwardingDecision;
  /** The server's bytes, even after the client has disconnected. False when no more are expected. */
  received(bytes: Buffer): boolean;
  /** The server's end is closed. */
  ended(): void;
}

const OPEN: ConnectionTap = { sent: () => 'pass', received: () => true, ended: () => {} };

export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private held = false;
  private pace: Pace = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };
  private server: Server | undefined;
  /** The number of connections so far. */
  connections = 0;

  private constructor(
    private readonly target: number,
    private readonly tap: () => ConnectionTap,
    private port = 0,
  ) {}

  static async to(target: number, tap: () => ConnectionTap = () => OPEN): Promise<TcpProxy> {
    const line = new TcpProxy(target, tap);
    await line.restore();
    return line;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Delays bytes in both directions from now on. */
  slowDown(pace: Partial<Pace>): void {
    this.pace = { ...this.pace, ...pace };
  }

  /** Stops forwarding the server's answers, like a server that is far too slow. */
  hold(): void {
    this.held = true;
  }

  /** Resets all connections; new ones are accepted. Returns how many there were. */
  reset(): number {
    const there = [...this.sockets];
    for (const socket of there) socket.resetAndDestroy();
    return there.length / 2;
  }

  /** Resets all connections and refuses new ones. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Restores the proxy at the same address. */
  async restore(): Promise<void> {
    await this.cut();
    this.held = false;
    const server = createServer((caller) => this.join(caller));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  private join(caller: Socket): void {
    this.connections += 1;
    const callee = connect({ host: '127.0.0.1', port: this.target });
    const tap = this.tap();
    // After a deliberate cut the server's side stays open until its answer has been observed.
    let listening = false;
    const there = new Flow(callee, () => this.pace);
    const back = new Flow(caller, () => this.pace);
    for (const end of [caller, callee]) {
      this.sockets.add(end);
      end.setNoDelay(true);
      end.on('error', () => end.destroy());
    }
    caller.on('close', () => {
      this.sockets.delete(caller);
      if (!listening) callee.destroy();
    });
    callee.on('close', () => {
      this.sockets.delete(callee);
      tap.ended();
      caller.destroy();
    });
    caller.on('data', (bytes) => {
      if (listening) return;
      const passage = tap.sent(bytes);
      if (passage === 'stop') {
        callee.destroy();
        return;
      }
      listening = passage === 'last';
      there.write(bytes);
      if (listening) caller.resetAndDestroy();
    });
    callee.on('data', (bytes) => {
      const goesOn = tap.received(bytes);
      if (!listening && !this.held) back.write(bytes);
      if (listening && !goesOn) callee.destroy();
    });
  }
}
