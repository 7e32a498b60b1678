import type { Socket } from 'node:net';
import { Client, Query, type ClientConfig, type Connection, type QueryConfig } from 'pg';

/** What `pg` keeps of the statements that are not answered. */
interface Asked {
  readonly _activeQuery: unknown;
  readonly _sentQueryQueue: readonly unknown[];
}

type Answer = (error: Error | undefined, result: unknown) => void;
type Ask = (statement: unknown, values?: unknown, answer?: Answer) => unknown;

/**
 * A connection on which statements that are issued side by side leave in one write: half of what a busy process spends, it
 * spends on writing to sockets. For the `Client` of a pool: `extra: { Client: PipelinedClient }` with TypeORM.
 */
export class PipelinedClient extends Client {
  private gathering = false;
  private readonly silenceMs: number;
  private watched: Socket | undefined;
  private patient = false;

  constructor({ preparedStatements = true, silenceMs = 0, ...config }: PipelinedClientConfig = {}) {
    super({ ...config, pipeline: true });
    this.silenceMs = silenceMs;
    const query = this.query.bind(this) as Ask;
    const value: Ask = (statement, values, answer) => {
      this.gather();
      if (!isPlain(statement)) return query(statement, values, answer);
      return ask(query, preparedStatements ? statement : { ...statement, name: undefined }, values, answer);
    };
    // An own property instead of a method: `query` has too many overloads to be overridden one by one.
    Object.defineProperty(this, 'query', { value });
  }

  /**
   * Waits for the answers to this work for as long as they take, such as those of migrations. Only TCP then finds out that the
   * database is gone, by its keepalive.
   */
  async withoutQueryTimeout<T>(work: () => Promise<T>): Promise<T> {
    this.patient = true;
    try {
      return await work();
    } finally {
      this.patient = false;
    }
  }

  /**
   * Closes the connection when it owes an answer and no byte has come or gone for so long: what is in between may have
   * forgotten it without a word. The socket's own timer is moved on by its reads and writes, which is cheaper than one for
   * each statement.
   */
  private watch(stream: Socket): void {
    this.watched = stream;
    stream.setTimeout(this.silenceMs);
    // Not by the callback of setTimeout, which is called once only.
    stream.on('timeout', () => {
      const { _activeQuery, _sentQueryQueue } = this as unknown as Asked;
      if (this.patient || (!_activeQuery && _sentQueryQueue.length === 0)) return;
      stream.destroy(new Error(`Connection terminated: the database gave no answer for ${this.silenceMs} ms`));
    });
  }

  private gather(): void {
    if (this.gathering) return;
    const { stream } = (this as unknown as { connection: Connection & { stream: Socket } }).connection;
    this.gathering = true;
    if (this.silenceMs > 0 && stream !== this.watched) this.watch(stream);
    stream.cork();
    // Runs when the promises of this tick have settled, and with them everything that they asked.
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }
}

/** With how it is watched, and whether it prepares what has a name. */
export interface PipelinedClientConfig extends ClientConfig {
  /** @default true */
  readonly preparedStatements?: boolean;
  /** A connection that owes an answer and has been silent for so long is closed; 0 for never. @default 0 */
  readonly silenceMs?: number;
}

const PLAIN = new Set(['name', 'text', 'values']);

/** With none of the options that only `pg` itself knows how to take. */
function isPlain(statement: unknown): statement is QueryConfig {
  if (typeof statement !== 'object' || statement === null) return false;
  for (const option in statement) if (!PLAIN.has(option)) return false;
  return true;
}

/** As `pg` asks, which first copies the statement by the descriptors of its properties: 3 % of what a participant did. */
function ask(query: Ask, { name, text, values: own }: QueryConfig, values: unknown, answer?: Answer): unknown {
  const asked = Object.assign(new Query(text, (values as unknown[] | undefined) ?? own), { name });
  if (answer !== undefined) return query(asked, undefined, answer);
  return new Promise((resolve, reject) => {
    query(asked, undefined, (error, result) => (error ? reject(error) : resolve(result)));
  }).catch((error: Error) => {
    // Its own trace leads to the socket, this one to whoever asked.
    Error.captureStackTrace(error);
    throw error;
  });
}
