import type { ServerResponse } from 'node:http';
import { isLast, present, type OrderEvent } from './order-event';
import type { Page, Position } from './order-history';

const RECONNECT_AFTER_MS = 2_000;

export const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  // Tells nginx to hand every event on at once.
  'x-accel-buffering': 'no',
};

/**
 * One client that follows one order by server-sent events. It is told each event once, in order. What it has not read yet
 * stays in the table and not in our memory: at most one page is on its way to it.
 */
export class EventStream implements Position {
  private readonly begunAt = performance.now();
  /** What the client had taken at the heartbeat before, if there was more for it. */
  private takenBefore: number | undefined;

  constructor(
    readonly orderId: string,
    /** The number of the last event that the client was told. */
    public seq: number,
    private readonly response: ServerResponse,
  ) {}

  /** Whether the client has yet to read what it was sent. */
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

  /** Ends with the event that settles the order, unless more has happened since. */
  tell({ events, hasMore }: Page): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.seq = last.seq;
    this.write(events.map(written).join(''));
    if (isLast(last) && !hasMore) this.response.end();
  }

  /**
   * A comment keeps whoever is between from closing a connection on which nothing happens. A client that has read nothing
   * of what waits for it since the heartbeat before is dropped; it may resume.
   */
  beat(): void {
    const { writableLength: waiting, writableEnded, socket } = this.response;
    const isWaiting = waiting > 0 || writableEnded;
    const taken = (socket?.bytesWritten ?? 0) - waiting;
    if (isWaiting && taken === this.takenBefore) this.response.destroy();
    else if (!isWaiting) this.write(':\n\n');
    this.takenBefore = isWaiting ? taken : undefined;
  }

  /** Lets the client go in order, unless it would have to read first. */
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
