import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Question {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; the request is a POST then. */
  readonly body?: object;
  readonly timeoutMs?: number;
}

/**
 * As load balancers do, the client closes an idle connection before the service does; Node's agent would never close
 * it.
 */
const IDLE_MS = 60_000;

/** A client with little CPU use, because it shares the machine with the service. */
export class HttpClient {
  /** Connections opened so far. */
  connections = 0;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: IDLE_MS });

  /** Resolves with any response; rejects when there is none in time. */
  ask(url: string, { headers, body, timeoutMs = 60_000 }: Question = {}): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const json =
      text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
    const method = text === undefined ? 'GET' : 'POST';
    const options = { agent: this.agent, method, timeout: timeoutMs, headers: { ...json, ...headers } };
    return new Promise((resolve, reject) => {
      const outgoing = request(url, options);
      outgoing.on('socket', () => (this.connections += outgoing.reusedSocket ? 0 : 1));
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`)));
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        response.on('error', reject);
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => (answer += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: answer }));
      });
      outgoing.end(text);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}
