import type { ServerResponse } from 'node:http';
import { EventStream, eventText } from '../../http';
import type { Lost } from './change-reader';
import { textOf, type StreamPosition } from './stream-position';
import type { StreamQuery } from './stream.query';

/**
 * One client of the live stream. What it has not been told is known by its position, so nothing is kept for it while it
 * does not read.
 */
export class AdminStream {
  /** The same for streams that are told the same. */
  readonly audience: string;
  /** Whether it is told what changes together with all others; otherwise it has a position of its own. */
  isCurrent = false;
  private readonly connection: EventStream;
  private isDropped = false;

  constructor(
    readonly query: StreamQuery,
    /** What it has been told; undefined for a client that asks for nothing of the past. */
    public position: StreamPosition | undefined,
    response: ServerResponse,
  ) {
    this.audience = JSON.stringify(Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    this.connection = new EventStream(response);
  }

  /** The saga that it follows; undefined when it follows more. */
  get saga(): string | undefined {
    return this.query.saga;
  }

  /** Whether nothing can be sent to it now: it has not read everything, or it is dropped. */
  get isBehind(): boolean {
    return this.isDropped || this.connection.isBehind;
  }

  begin(): void {
    this.connection.begin();
  }

  /** Tells it where it begins. */
  beginAt(position: StreamPosition): void {
    this.position = position;
    this.connection.send(this.ping());
  }

  /** Tells it everything up to a position; nothing when there is nothing to tell. */
  send(events: Buffer | undefined, position: StreamPosition): void {
    this.position = position;
    if (events !== undefined) this.connection.send(events);
  }

  reset({ position, reason, detail }: Lost): void {
    this.position = position;
    this.connection.send(eventText({ id: textOf(position), event: 'reset', data: { reason, detail } }));
  }

  /** Ends a stream that is older than this, so that its client shows again that it has access. */
  renew(maxAgeMs: number): void {
    if (this.connection.ageMs < maxAgeMs || this.isDropped) return;
    this.isDropped = true;
    this.end('aged', 'The stream is as old as it may be; reconnect to continue.');
  }

  /** Sends a ping. A client that has read nothing since the last one is told that it is dropped; then it is disconnected. */
  beat(): void {
    if (this.connection.beat(this.ping())) return;
    if (this.isDropped) this.connection.drop();
    else this.end('slow', 'The client has not read for too long; it is told what it missed when it reconnects.');
    this.isDropped = true;
  }

  /** Ends the stream, which the client continues at another instance; a client that is behind is disconnected. */
  stop(): void {
    if (this.isBehind) this.connection.drop();
    else this.end('stopping', 'This instance is stopping; reconnect to continue at another one.');
  }

  private end(reason: 'slow' | 'stopping' | 'aged', detail: string): void {
    this.connection.send(eventText({ event: 'dropped', data: { reason, detail } }));
    this.connection.end();
  }

  private ping(): string {
    const id = this.position && textOf(this.position);
    return eventText({ id, event: 'ping', data: { at: new Date().toISOString() } });
  }
}
