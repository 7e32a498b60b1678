import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/** The line between two services, which a test can hold up and cut. */
export class Line {
  private readonly sockets = new Set<Socket>();
  private held = false;
  private server: Server | undefined;

  private constructor(
    private readonly target: number,
    private port = 0,
  ) {}

  static async to(target: number): Promise<Line> {
    const line = new Line(target);
    await line.mend();
    return line;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Nothing comes back any more, as from a server that is far too slow. */
  hold(): void {
    this.held = true;
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
    const callee = connect({ host: '127.0.0.1', port: this.target });
    const ends = [caller, callee];
    for (const end of ends) {
      this.sockets.add(end);
      end.on('error', () => end.destroy());
      end.on('close', () => {
        this.sockets.delete(end);
        for (const each of ends) each.destroy();
      });
    }
    caller.on('data', (bytes) => callee.write(bytes));
    callee.on('data', (bytes) => {
      if (!this.held) caller.write(bytes);
    });
  }
}
