/* A line between a client and a server, which a test can slow down, hold up, cut, and listen in on. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Flow, type Pace } from './flow';

/** What is to become of bytes that a client sends: `last` passes them on and breaks the client's end at once; `stop` breaks both. */
export type Passage = 'pass' | 'last' | 'stop';

/** Listens to one connection. */
export interface Tap {
  sent(bytes: Buffer): Passage;
  /** What the server answers, also to a client that is gone. False when nothing more is expected. */
  received(bytes: Buffer): boolean;
  /** The server's end is closed. */
  ended(): void;
}

const OPEN: Tap = { sent: () => 'pass', received: () => true, ended: () => {} };

export class Line {
  private readonly sockets = new Set<Socket>();
  private held = false;
  private pace: Pace = { delayMs: 0, bytesPerSecond: Number.POSITIVE_INFINITY };
  private server: Server | undefined;
  /** How many connections there were. */
  connections = 0;

  private constructor(
    private readonly target: number,
    private readonly tap: () => Tap,
    private port = 0,
  ) {}

  static async to(target: number, tap: () => Tap = () => OPEN): Promise<Line> {
    const line = new Line(target, tap);
    await line.mend();
    return line;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** From now on bytes take so long, in either direction. */
  slowDown(pace: Partial<Pace>): void {
    this.pace = { ...this.pace, ...pace };
  }

  /** Nothing comes back any more, as from a server that is far too slow. */
  hold(): void {
    this.held = true;
  }

  /** Every connection there is breaks with a reset; new ones are welcome. Returns how many there were. */
  reset(): number {
    const there = [...this.sockets];
    for (const socket of there) socket.resetAndDestroy();
    return there.length / 2;
  }

  /** Connections break, and new ones are refused. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    const closed = new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** As good as new, at the same address. */
  async mend(): Promise<void> {
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
    // A client that was cut off on purpose leaves the server's end open until it has heard the answer.
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
