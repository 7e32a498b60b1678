import type { ServerResponse } from 'node:http';

const RECONNECT_AFTER_MS = 2_000;

/** The headers of a response with server-sent events. */
export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  // No proxy and no middleware compresses it, which would keep events back.
  'cache-control': 'no-store, no-transform',
  // Tells nginx not to buffer events.
  'x-accel-buffering': 'no',
};

/** A server-sent event (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export interface ServerSentEvent {
  /** A client that reconnects sends the last id that it has seen. */
  readonly id?: string | number | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** The event as it is sent. */
export function eventText({ id, event, data }: ServerSentEvent): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The connection of one client that receives server-sent events. Nothing is kept in memory for a client that does not
 * read: its owner asks {@link isBehind} before it sends more.
 */
export class EventStream {
  private readonly begunAt = performance.now();
  /** The bytes that the client had taken at the previous heartbeat, if more were waiting. */
  private takenBefore: number | undefined;

  constructor(private readonly response: ServerResponse) {}

  /** Whether the client has not read everything that was sent. */
  get isBehind(): boolean {
    return this.response.writableNeedDrain;
  }

  /** How long it has been open, in milliseconds. */
  get ageMs(): number {
    return performance.now() - this.begunAt;
  }

  /** Answers with the head of the stream. */
  begin(): void {
    this.response.writeHead(200, EVENT_STREAM_HEADERS);
    this.send(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  }

  /** Sends text made by {@link eventText}, or its bytes, which may be shared by streams. */
  send(text: string | Buffer): void {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }

  /**
   * Sends the text of a heartbeat, so that proxies do not close an idle connection, unless more is waiting. Returns
   * false when the client has read nothing of what was waiting at the previous heartbeat.
   */
  beat(text: string): boolean {
    const { writableLength: waiting, writableEnded, socket } = this.response;
    const isWaiting = waiting > 0 || writableEnded;
    const taken = (socket?.bytesWritten ?? 0) - waiting;
    const stands = isWaiting && taken === this.takenBefore;
    this.takenBefore = isWaiting ? taken : undefined;
    if (!isWaiting) this.send(text);
    return !stands;
  }

  /** Ends the stream after what was sent. */
  end(): void {
    this.response.end();
  }

  /** Ends the stream at once. */
  drop(): void {
    this.response.destroy();
  }

  /** Ends the stream in order, or drops a client that is behind. */
  stop(): void {
    if (this.isBehind) this.drop();
    else this.end();
  }
}
