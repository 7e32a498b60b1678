import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { waitUntil } from '@palinode/testing-support/wait-until';

export interface ReceivedEvent {
  readonly id: number;
  readonly event: string;
  readonly data: { readonly orderId: string; readonly seq: number; readonly status: string };
}

/** A client of server-sent events that keeps the events it receives. */
export class Follower {
  readonly events: ReceivedEvent[] = [];
  heartbeats = 0;
  ended = false;
  private unread = '';

  private constructor(
    private readonly sent: ClientRequest,
    private readonly response: IncomingMessage,
  ) {
    response.setEncoding('utf8');
    response.on('close', () => (this.ended = true));
    response.on('error', () => undefined);
  }

  /** Resolves when the server answers, with any status. With `reads: false` it reads nothing of the stream. */
  static async follow(
    service: string,
    orderId: string,
    { lastEventId, reads = true }: { lastEventId?: number | string; reads?: boolean } = {},
  ): Promise<Follower> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
    return new Promise((resolve, reject) => {
      const sent = request(`${service}/orders/${orderId}/events`, { headers, agent: false });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const follower = new Follower(sent, response);
        if (reads) response.on('data', (text: string) => follower.take(text));
        resolve(follower);
      });
      sent.end();
    });
  }

  get status(): number | undefined {
    return this.response.statusCode;
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  get names(): string[] {
    return this.events.map(({ id, event }) => `${id} ${event}`);
  }

  async hasReceived(...names: string[]): Promise<void> {
    await waitUntil(names.join(', '), () => String(this.names) === String(names));
  }

  async hasEnded(): Promise<void> {
    await waitUntil('the stream ends', () => this.ended);
  }

  leave(): void {
    this.sent.destroy();
  }

  private take(text: string): void {
    const parts = (this.unread + text).split('\n\n');
    this.unread = parts.pop() ?? '';
    for (const part of parts) this.takeOne(part);
  }

  private takeOne(part: string): void {
    if (part === ':') this.heartbeats += 1;
    const fields = new Map(part.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]));
    const data = fields.get('data');
    if (data === undefined) return;
    const event = JSON.parse(data) as ReceivedEvent['data'];
    this.events.push({ id: Number(fields.get('id')), event: fields.get('event') ?? '', data: event });
  }
}
