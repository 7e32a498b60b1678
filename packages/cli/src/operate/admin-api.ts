import type { Connection } from './connection';
import { request } from './request';

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

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
    const items: T[] = [];
    let cursor: string | undefined;
    do {
      const limit = Math.min(200, most - items.length);
      const { body } = await this.get<Page<T>>(path, { ...query, limit, cursor });
      items.push(...body.items);
      cursor = body.nextCursor;
    } while (cursor !== undefined && items.length < most);
    return items;
  }

  async post<T>(path: string, body: object, { etag, query }: { etag?: string; query?: Query } = {}): Promise<T> {
    return (await this.request<T>('POST', path, { body, etag, query })).body;
  }

  /** Sends no body, which proxies may drop. */
  async delete<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.request<T>('DELETE', path, { query })).body;
  }

  /** The body of a response as text, such as an export. */
  async text(path: string, query: Query = {}): Promise<string> {
    const response = await this.fetch('GET', path, { query });
    return response.text();
  }

  private async request<T>(method: string, path: string, parts: RequestParts): Promise<Answer<T>> {
    const response = await this.fetch(method, path, parts);
    const text = await response.text();
    return { body: (text === '' ? undefined : JSON.parse(text)) as T, etag: response.headers.get('etag') ?? undefined };
  }

  private async fetch(method: string, path: string, { query = {}, body, etag }: RequestParts): Promise<Response> {
    const { url, key, operator } = this.connection;
    const asked = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(Object.fromEntries(asked.map(([name, value]) => [name, String(value)])));
    return request('orchestrator', `${url}/v1/${path}${search.size === 0 ? '' : `?${search.toString()}`}`, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'x-operator': operator }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(etag === undefined ? {} : { 'if-match': etag }),
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
}
