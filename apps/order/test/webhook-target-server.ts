import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Behaviour = (...to: Parameters<RequestListener>) => void;

/** A customer's webhook server: keeps the requests, and answers as the test configures. */
export class WebhookTargetServer {
  readonly received: Received[] = [];
  connections = 0;
  /** The maximum number of connections open at once. */
  maxConcurrent = 0;

  private constructor(
    private readonly server: Server,
    private behaviour: Behaviour,
  ) {}

  static async start(behaviour: Behaviour = (_request, response) => response.end()): Promise<WebhookTargetServer> {
    const server = createServer();
    const target = new WebhookTargetServer(server, behaviour);
    let open = 0;
    server.on('connection', (socket) => {
      target.connections += 1;
      target.maxConcurrent = Math.max(target.maxConcurrent, (open += 1));
      socket.on('close', () => (open -= 1));
    });
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        target.received.push({ headers: request.headers, body: String(Buffer.concat(chunks)) });
        target.behaviour(request, response);
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    return target;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/orders?of=shop`;
  }

  behave(behaviour: Behaviour): void {
    this.behaviour = behaviour;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}
