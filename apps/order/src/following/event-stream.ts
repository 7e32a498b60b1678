import type { ServerResponse } from 'node:http';
import { isLast, present, type OrderEvent } from './order-event';
import type { Page, Position } from './order-history';

const RECONNECT_AFTER_MS = 2_000;

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Tells nginx not to buffer events.
  'x-accel-buffering': 'no',
};

/**
 * One client that follows one order by server-sent events. It receives each event once, in order. Events that it has not
 * read yet stay in the table, not in memory: at most one page is in flight.
 */
export class EventStream implements Position {
  private readonly begunAt = performance.now();
  /** The bytes that the client had taken at the previous heartbeat, if more were waiting. */
  private takenBefore: number | undefined;

  constructor(
    readonly orderId: string,
    /** The number of the last event sent to the client. */
    public seq: number,
    private readonly response: ServerResponse,
  ) {}

  /** Whether the client has not read everything that was sent. */
  get isBehind(): boolean {
    return this.response.writableNeedDrain;
  }

  get ageMs(): number {
    return performance.now() - this.begunAt;
  }

  begin(): void {
    this.response.writeHead(200, STREAM_HEADERS);
    this.write(`retry: ${RECONNECT_AFTER_MS}\n\n`);
  }

  /** Sends a page. Ends the stream with the event that settles the order, unless more events follow. */
  send({ events, hasMore }: Page): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.seq = last.seq;
    this.write(events.map(written).join(''));
    if (isLast(last) && !hasMore) this.response.end();
  }

  /**
   * Sends a comment, so that proxies do not close an idle connection. Drops a client that has read nothing of what was
   * waiting at the previous heartbeat; it may resume.
   */
  beat(): void {
    const { writableLength: waiting, writableEnded, socket } = this.response;
    const isWaiting = waiting > 0 || writableEnded;
    const taken = (socket?.bytesWritten ?? 0) - waiting;
    if (isWaiting && taken === this.takenBefore) this.response.destroy();
    else if (!isWaiting) this.write(':\n\n');
    this.takenBefore = isWaiting ? taken : undefined;
  }

  /** Ends the stream in order, or drops a client that is behind. */
  stop(): void {
    if (this.isBehind) this.response.destroy();
    else this.response.end();
  }

  private write(text: string): void {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(text);
  }
}

function written(event: OrderEvent): string {
  return `id: ${event.seq}\nevent: ${event.event}\ndata: ${JSON.stringify(present(event))}\n\n`;
}
