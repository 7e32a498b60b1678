/** Whether changes arrive: `lost` while the browser tries to connect again. */
export type LiveState = 'connecting' | 'live' | 'lost';

type Listener = (event: { readonly name: string; readonly data: unknown }) => void;

/** The first attempt to connect again waits for this at most, each further one for twice as long. */
const FIRST_BACKOFF_MS = 1_000;
const MOST_BACKOFF_MS = 5_000;

/** What the stream needs of the browser; tests hand in their own. */
export interface LiveStreamParts {
  readonly connect: (url: string) => EventSource;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Does this after so many milliseconds. Returns what prevents it. */
  readonly after: (ms: number, work: () => void) => () => void;
}

const browser: LiveStreamParts = {
  connect: (url) => new EventSource(url),
  random: Math.random,
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/**
 * The one stream of all changes (`GET /v1/stream`). A connection that was lost continues after the last event, so that
 * nothing is missed; `reset` says that the server no longer knows that event. It is connected again with exponential
 * backoff and full jitter, and not by the browser itself: after a restart all tabs would come back at the same moment.
 */
export class LiveStream {
  state: LiveState = 'connecting';
  private source: EventSource | undefined;
  private lastEventId: string | undefined;
  /** How many connections in a row have failed. */
  private failures = 0;
  private cancelRetry: (() => void) | undefined;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly url: string,
    private readonly parts: LiveStreamParts = browser,
  ) {}

  /** Calls a listener for each event of a name. Returns what ends that. */
  on(name: string, listener: Listener): () => void {
    const known = this.listeners.get(name) ?? new Set();
    if (!this.listeners.has(name)) {
      this.listeners.set(name, known);
      this.source?.addEventListener(name, this.deliver);
    }
    known.add(listener);
    this.open();
    return () => {
      known.delete(listener);
      this.closeIfUnused();
    };
  }

  /** For useSyncExternalStore. */
  readonly watchState = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    this.open();
    return () => {
      this.watchers.delete(watcher);
      this.closeIfUnused();
    };
  };

  readonly currentState = (): LiveState => this.state;

  private open(): void {
    if (this.source === undefined && this.cancelRetry === undefined) this.connect();
  }

  private connect(): void {
    const from = this.lastEventId;
    const query = from === undefined ? '' : `?lastEventId=${encodeURIComponent(from)}`;
    const source = this.parts.connect(`${this.url}${query}`);
    this.source = source;
    source.addEventListener('open', () => {
      this.failures = 0;
      this.become('live');
      // Whatever was read before the first connection opened may be stale.
      if (from === undefined) this.tell('reset');
    });
    source.addEventListener('error', () => {
      source.close();
      this.source = undefined;
      this.become('lost');
      this.connectLater();
    });
    // Pings have the positions of a time in which nothing happens.
    for (const name of new Set([...this.listeners.keys(), 'ping'])) source.addEventListener(name, this.deliver);
  }

  private connectLater(): void {
    const most = Math.min(MOST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.failures);
    this.failures += 1;
    this.cancelRetry = this.parts.after(this.parts.random() * most, () => {
      this.cancelRetry = undefined;
      this.connect();
    });
  }

  private get isUsed(): boolean {
    return this.watchers.size > 0 || [...this.listeners.values()].some(({ size }) => size > 0);
  }

  /** Closes the connection when nothing listens any more, such as after signing out. */
  private closeIfUnused(): void {
    if (this.isUsed) return;
    this.source?.close();
    this.source = undefined;
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.failures = 0;
    this.lastEventId = undefined;
    this.state = 'connecting';
  }

  private readonly deliver = (event: MessageEvent<string>): void => {
    this.lastEventId = event.lastEventId || this.lastEventId;
    const data: unknown = event.data === '' ? undefined : JSON.parse(event.data);
    this.tell(event.type, data);
  };

  private tell(name: string, data?: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener({ name, data });
  }

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}
