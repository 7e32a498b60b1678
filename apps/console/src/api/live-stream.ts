import { settings } from '../settings';

/** Whether changes arrive: `lost` while the browser tries to connect again. */
export type LiveState = 'connecting' | 'live' | 'lost';

type Listener = (event: { readonly name: string; readonly data: unknown }) => void;

/**
 * The one stream of all changes (`GET /v1/stream`). The browser connects again by itself and sends the id of the last
 * event, so that nothing is missed; `reset` says that the server no longer knows that id.
 */
export class LiveStream {
  state: LiveState = 'connecting';
  private source: EventSource | undefined;
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly watchers = new Set<() => void>();

  constructor(private readonly url: string) {}

  /** Calls a listener for each event of a name. Returns what ends that. */
  on(name: string, listener: Listener): () => void {
    const known = this.listeners.get(name) ?? new Set();
    if (!this.listeners.has(name)) {
      this.listeners.set(name, known);
      this.source?.addEventListener(name, this.deliver);
    }
    known.add(listener);
    this.open();
    return () => known.delete(listener);
  }

  /** For useSyncExternalStore. */
  readonly watchState = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    this.open();
    return () => this.watchers.delete(watcher);
  };

  readonly currentState = (): LiveState => this.state;

  private open(): void {
    if (this.source !== undefined && this.source.readyState !== EventSource.CLOSED) return;
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('open', () => this.become('live'));
    source.addEventListener('error', () => {
      this.become('lost');
      // The browser gives up on an answer that is no event stream, such as 503 of a server that starts.
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.open(), 2_000);
    });
    for (const name of this.listeners.keys()) source.addEventListener(name, this.deliver);
  }

  private readonly deliver = (event: MessageEvent<string>): void => {
    const data: unknown = event.data === '' ? undefined : JSON.parse(event.data);
    for (const listener of this.listeners.get(event.type) ?? []) listener({ name: event.type, data });
  };

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}

export const liveStream = new LiveStream(`${settings.adminPath}/v1/stream`);
