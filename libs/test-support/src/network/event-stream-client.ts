import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { waitUntil } from '@palinode/testing-support/wait-until';

export interface ReceivedEvent<Data> {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: Data;
}

export interface FollowOptions {
  readonly lastEventId?: number | string | undefined;
  /** Whether it reads what is sent. @default true */
  readonly reads?: boolean;
}

/** A client of server-sent events that keeps the events it receives. */
export class EventStreamClient<Data = unknown> {
  readonly events: ReceivedEvent<Data>[] = [];
  /** The id of the last event that had one. */
  lastEventId: string | undefined;
  comments = 0;
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

  /** Resolves when the server answers, with any status. */
  static async follow<Data = unknown>(
    url: string,
    { lastEventId, reads = true }: FollowOptions = {},
  ): Promise<EventStreamClient<Data>> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) };
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers, agent: false });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const client = new EventStreamClient<Data>(sent, response);
        if (reads) client.read();
        resolve(client);
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

  /** Begins to read. */
  read(): void {
    this.response.on('data', (text: string) => this.take(text));
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
    if (part === ':') this.comments += 1;
    const fields = new Map(part.split('\n').map((line) => [line.split(': ')[0], line.slice(line.indexOf(': ') + 2)]));
    const id = fields.get('id');
    if (id !== undefined) this.lastEventId = id;
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id, event: fields.get('event') ?? '', data: JSON.parse(data) as Data });
  }
}
