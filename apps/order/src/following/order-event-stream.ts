import type { ServerResponse } from 'node:http';
import { EventStream, eventText } from '@palinode/saga/http';
import { isLast, present, type OrderEvent } from './order-event';
import type { Page, Position } from './order-history';

/**
 * One client that follows one order by server-sent events. It receives each event once, in order. Events that it has not
 * read yet stay in the table, not in memory: at most one page is in flight.
 */
export class OrderEventStream implements Position {
  private readonly connection: EventStream;

  constructor(
    readonly orderId: string,
    /** The number of the last event sent to the client. */
    public seq: number,
    response: ServerResponse,
  ) {
    this.connection = new EventStream(response);
  }

  /** Whether the client has not read everything that was sent. */
  get isBehind(): boolean {
    return this.connection.isBehind;
  }

  get ageMs(): number {
    return this.connection.ageMs;
  }

  begin(): void {
    this.connection.begin();
  }

  /** Sends a page. Ends the stream with the event that settles the order, unless more events follow. */
  send({ events, hasMore }: Page): void {
    const last = events.at(-1);
    if (last === undefined) return;
    this.seq = last.seq;
    this.connection.send(events.map(written).join(''));
    if (isLast(last) && !hasMore) this.connection.end();
  }

  /** Sends a comment. Drops a client that has read nothing of what was waiting at the previous heartbeat; it may resume. */
  beat(): void {
    if (!this.connection.beat(':\n\n')) this.connection.drop();
  }

  /** Ends the stream in order, or drops a client that is behind. */
  stop(): void {
    this.connection.stop();
  }
}

function written(event: OrderEvent): string {
  return eventText({ id: event.seq, event: event.event, data: present(event) });
}
