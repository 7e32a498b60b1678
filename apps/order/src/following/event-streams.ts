/*
 * The clients that follow orders at this instance. The table of events is the only source of what they are told; news only
 * say whose events to read. What must hold:
 *
 * 1. A stream is read for once after it has begun to listen, so that nothing falls between the two.
 * 2. One statement at a time reads for all streams with news. So following costs what happens, not what is open.
 * 3. Nothing is read for a client that has not read yet what it was sent.
 * 4. No order and no customer has more streams than they may, and no stream is longer open than it may: its client resumes, and
 *    one that is only there in name does not.
 * 5. With every heartbeat all streams are read for: should a piece of news be lost, it is late and no more.
 */
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Problem } from '@palinode/service';
import { OrderEnvironment } from '../order-environment';
import { OrderNews } from '../news/order-news';
import { EventStream } from './event-stream';
import { OpenStreams, type Followed } from './open-streams';
import { OrderHistory, type Page, type Position } from './order-history';

const AT_ONCE = 500;
const AGAIN_AFTER_MS = 1_000;
const STOPPING = new Problem(
  503,
  'stopping',
  'The instance is stopping',
  'This instance is stopping; follow the order at another one, or later.',
  undefined,
  5,
);

@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly log = new Logger(EventStreams.name);
  private readonly counted: OpenStreams;
  private readonly open = new Set<EventStream>();
  private readonly withNews = new Set<EventStream>();
  private heart: NodeJS.Timeout | undefined;
  private reading = false;
  private stopping = false;

  constructor(
    private readonly history: OrderHistory,
    private readonly news: OrderNews,
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

  /** Throws a problem when this instance, the order or the customer has as many streams as they may. */
  assertRoom(followed: Followed): void {
    const problem = this.stopping ? STOPPING : this.counted.refusal(followed);
    if (problem !== undefined) throw problem;
  }

  /** Tells the client what happened after the position and what happens from now on, until the order is settled. */
  follow({ orderId, customerId, seq }: Position & Followed, response: ServerResponse): void {
    // The client may have gone while its order was looked up.
    if (response.destroyed) return;
    const stream = new EventStream(orderId, seq, response);
    const stopListening = this.news.listen(orderId, () => this.hasNews(stream));
    const closed = this.counted.add({ orderId, customerId });
    this.open.add(stream);
    response.on('drain', () => this.hasNews(stream));
    response.once('close', () => {
      stopListening();
      closed();
      this.forget(stream);
    });
    this.heart ??= setInterval(() => this.beat(), this.environment.EVENT_HEARTBEAT_MS);
    stream.begin();
    this.hasNews(stream);
  }

  /** Clients resume at another instance, or at this one when it is back. */
  beforeApplicationShutdown(): void {
    this.stopping = true;
    for (const stream of this.open) stream.stop();
  }

  private forget(stream: EventStream): void {
    this.open.delete(stream);
    this.withNews.delete(stream);
    if (this.open.size > 0) return;
    clearInterval(this.heart);
    this.heart = undefined;
  }

  private beat(): void {
    const endsAfterMs = this.environment.EVENT_STREAM_MAX_MS;
    for (const stream of this.open) {
      if (stream.ageMs >= endsAfterMs) stream.stop();
      else stream.beat();
      this.hasNews(stream);
    }
  }

  private hasNews(stream: EventStream): void {
    if (stream.isBehind || !this.open.has(stream)) return;
    this.withNews.add(stream);
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    // What else is told in this turn of the event loop is read with it.
    await new Promise(setImmediate);
    while (this.withNews.size > 0 && !this.stopping) {
      const streams = [...this.withNews].slice(0, AT_ONCE);
      for (const stream of streams) this.withNews.delete(stream);
      await this.readFor(streams);
    }
    this.reading = false;
  }

  private async readFor(streams: readonly EventStream[]): Promise<void> {
    try {
      const pages = await this.history.after(streams);
      streams.forEach((stream, index) => this.tell(stream, pages[index]));
    } catch (error) {
      this.log.warn(`Events of orders cannot be read, trying again: ${String(error)}`);
      for (const stream of streams) this.hasNews(stream);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS).unref());
    }
  }

  private tell(stream: EventStream, page: Page | undefined): void {
    if (page === undefined || !this.open.has(stream)) return;
    stream.tell(page);
    if (page.hasMore) this.hasNews(stream);
  }
}
