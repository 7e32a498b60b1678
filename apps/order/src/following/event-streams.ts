/*
 * The clients that follow orders at this instance. The table of events is the only source of events; change notifications
 * only say which orders to read. Invariants:
 *
 * 1. A stream is read once after it has subscribed, so that no event is missed in between.
 * 2. One statement at a time reads for all streams with changes. So the cost depends on changes, not on open streams.
 * 3. Nothing is read for a client that is behind.
 * 4. Streams per order and per customer are limited, and so is a stream's age: its client resumes, and an abandoned
 *    connection does not.
 * 5. Every heartbeat reads for all streams, so a lost notification only delays an event.
 */
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Problem } from '@palinode/service';
import { OrderEnvironment } from '../order-environment';
import { OrderChangeNotifier } from '../change-notifications/order-change-notifier';
import { OpenStreams, type Followed } from './open-streams';
import { OrderEventStream } from './order-event-stream';
import { OrderHistory, type Page, type Position } from './order-history';

const MAX_STREAMS_PER_READ = 500;
const RETRY_AFTER_MS = 1_000;
const STOPPING = new Problem(503, {
  code: 'stopping',
  title: 'The instance is stopping',
  detail: 'This instance is stopping; follow the order at another one, or later.',
  retryAfterSeconds: 5,
});

@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly log = new Logger(EventStreams.name);
  private readonly counted: OpenStreams;
  private readonly open = new Set<OrderEventStream>();
  private readonly changed = new Set<OrderEventStream>();
  private heart: NodeJS.Timeout | undefined;
  private reading = false;
  private stopping = false;

  constructor(
    private readonly history: OrderHistory,
    private readonly notifier: OrderChangeNotifier,
    private readonly environment: OrderEnvironment,
  ) {
    this.counted = new OpenStreams({
      all: environment.EVENT_STREAMS,
      perOrder: environment.EVENT_STREAMS_PER_ORDER,
      perCustomer: environment.EVENT_STREAMS_PER_CUSTOMER,
    });
  }

  get count(): number {
    return this.open.size;
  }

  /** Throws a problem when the instance, the order or the customer is at its limit of streams. */
  assertRoom(followed: Followed): void {
    const problem = this.stopping ? STOPPING : this.counted.refusal(followed);
    if (problem !== undefined) throw problem;
  }

  /** Sends the client all events after the position until the order is settled. */
  follow({ orderId, customerId, seq }: Position & Followed, response: ServerResponse): void {
    // The client may have disconnected while its order was looked up.
    if (response.destroyed) return;
    const stream = new OrderEventStream(orderId, seq, response);
    const stopListening = this.notifier.listen(orderId, () => this.markChanged(stream));
    const closed = this.counted.add({ orderId, customerId });
    this.open.add(stream);
    response.on('drain', () => this.markChanged(stream));
    response.once('close', () => {
      stopListening();
      closed();
      this.remove(stream);
    });
    this.heart ??= setInterval(() => this.beat(), this.environment.EVENT_HEARTBEAT_MS);
    stream.begin();
    this.markChanged(stream);
  }

  /** Clients resume at another instance, or at this one when it is back. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const stream of this.open) stream.stop();
  }

  private remove(stream: OrderEventStream): void {
    this.open.delete(stream);
    this.changed.delete(stream);
    if (this.open.size > 0) return;
    clearInterval(this.heart);
    this.heart = undefined;
  }

  private beat(): void {
    const endsAfterMs = this.environment.EVENT_STREAM_MAX_MS;
    for (const stream of this.open) {
      if (stream.ageMs >= endsAfterMs) stream.stop();
      else stream.beat();
      this.markChanged(stream);
    }
  }

  private markChanged(stream: OrderEventStream): void {
    if (stream.isBehind || !this.open.has(stream)) return;
    this.changed.add(stream);
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    // Streams that change in the same turn of the event loop are read together.
    await new Promise(setImmediate);
    while (this.changed.size > 0 && !this.stopping) {
      const streams = [...this.changed].slice(0, MAX_STREAMS_PER_READ);
      for (const stream of streams) this.changed.delete(stream);
      await this.readFor(streams);
    }
    this.reading = false;
  }

  private async readFor(streams: readonly OrderEventStream[]): Promise<void> {
    try {
      const pages = await this.history.after(streams);
      streams.forEach((stream, index) => this.send(stream, pages[index]));
    } catch (error) {
      this.log.warn(`Events of orders cannot be read, trying again: ${String(error)}`);
      for (const stream of streams) this.markChanged(stream);
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS).unref());
    }
  }

  private send(stream: OrderEventStream, page: Page | undefined): void {
    if (page === undefined || !this.open.has(stream)) return;
    stream.send(page);
    if (page.hasMore) this.markChanged(stream);
  }
}
