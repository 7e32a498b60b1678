import { CliError } from '../cli-error';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from './connection';
import { ApiError, bodyOf, request, textOf } from './request';

type Value = string | number | boolean;
/** Of several values, each is sent. */
type Query = Readonly<Record<string, Value | readonly Value[] | undefined>>;

/** How many there are; counting ends at a limit. */
export interface Total {
  readonly count: number;
  readonly atLeast: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly total?: Total;
  readonly nextCursor?: string;
}

/** An event of the live stream. */
export interface StreamedEvent {
  readonly event: string;
  readonly data: unknown;
}

const RECONNECT_AFTER_MS = 2_000;
/** As long as an instance takes to be replaced. */
const MOST_RECONNECTS = 30;

/** A response with what an action needs of it. */
export interface Answer<T> {
  readonly body: T;
  /** For `If-Match`: the state that was read. */
  readonly etag: string | undefined;
}

/** The admin API of one orchestrator. Throws what {@link request} throws. */
export class AdminApi {
  constructor(private readonly connection: Connection) {}

  async get<T>(path: string, query: Query = {}): Promise<Answer<T>> {
    return this.request<T>('GET', path, { query });
  }

  /** All items of a list, up to a limit. */
  async list<T>(path: string, query: Query, most: number): Promise<readonly T[]> {
    return (await this.listWithTotal<T>(path, query, most)).items;
  }

  /** The same, with how many there are beyond the limit, where the list says that. */
  async listWithTotal<T>(path: string, query: Query, most: number): Promise<Pick<Page<T>, 'items' | 'total'>> {
    const items: T[] = [];
    let cursor: string | undefined;
    let total: Total | undefined;
    do {
      const limit = Math.min(200, most - items.length);
      const { body } = await this.get<Page<T>>(path, { ...query, limit, cursor });
      items.push(...body.items);
      cursor = body.nextCursor;
      total ??= body.total;
    } while (cursor !== undefined && items.length < most);
    return { items, ...(total && { total }) };
  }

  async post<T>(path: string, body: object, { etag, query }: { etag?: string; query?: Query } = {}): Promise<T> {
    return (await this.request<T>('POST', path, { body, etag, query })).body;
  }

  /** Sends no body, which proxies may drop. */
  async delete<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.request<T>('DELETE', path, { query })).body;
  }

  /** The body of a response as text of this content type, such as an export. */
  async text(path: string, query: Query, contentType: string): Promise<string> {
    return textOf('orchestrator', await this.fetch('GET', path, { query }), contentType);
  }

  /** The events of the live stream. A stream that ends is continued after its last event. */
  async *follow(query: Query): AsyncGenerator<StreamedEvent> {
    let lastEventId: string | undefined;
    for (let failures = 0; ; failures += 1) {
      try {
        const { body } = await this.fetch('GET', 'stream', { query, lastEventId });
        if (body === null) throw new CliError('The orchestrator answered without a stream.');
        const events = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
        for await (const { id, event = '', data } of events) {
          lastEventId = id ?? lastEventId;
          failures = 0;
          yield { event, data: JSON.parse(data) as unknown };
        }
      } catch (error) {
        const isFinal = error instanceof ApiError && error.status !== 503;
        if (lastEventId === undefined || isFinal || failures >= MOST_RECONNECTS) throw error;
      }
      await sleep(RECONNECT_AFTER_MS);
    }
  }

  private async request<T>(method: string, path: string, parts: RequestParts): Promise<Answer<T>> {
    const response = await this.fetch(method, path, parts);
    // Only what changes something may be answered without a body.
    const isEmpty = response.status === 204 && method !== 'GET';
    return {
      body: isEmpty ? (undefined as T) : await bodyOf<T>('orchestrator', response),
      etag: response.headers.get('etag') ?? undefined,
    };
  }

  private async fetch(
    method: string,
    path: string,
    { query = {}, body, etag, lastEventId }: RequestParts,
  ): Promise<Response> {
    const { url, key, operator } = this.connection;
    const asked = Object.entries(query).flatMap(([name, value]) =>
      [value ?? []].flat().map((each): [string, string] => [name, String(each)]),
    );
    const search = new URLSearchParams(asked);
    return request('orchestrator', `${url}/v1/${path}${search.size === 0 ? '' : `?${search.toString()}`}`, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'x-operator': operator }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(etag === undefined ? {} : { 'if-match': etag }),
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }
}

interface RequestParts {
  readonly query?: Query | undefined;
  readonly body?: object | undefined;
  readonly etag?: string | undefined;
  /** Of the live stream: the last event that was seen. */
  readonly lastEventId?: string | undefined;
}
