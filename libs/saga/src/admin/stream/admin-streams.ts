/*
 * The clients of the live stream at this instance. Invariants:
 *
 * 1. While nobody listens, nothing is read.
 * 2. One reader reads for all clients: the changes once for those with the same position, and what they are told once for
 *    those with the same query.
 * 3. Nothing is read and nothing is kept for a client that is behind. It keeps its position, and is told what it has
 *    missed, as it is then, when it has read what was sent.
 * 4. A pause follows each round, {@link PAUSE_FACTOR} times as long. However many clients there are, reading and sending
 *    take 3 % of the time at most, of one connection and of this thread. Clients are then told later, not less.
 */
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Problem } from '../../http';
import { backoff, sleep, type Log } from '../../messaging';
import { AdminStream } from './admin-stream';
import type { ChangeReader, Changes } from './change-reader';
import type { StreamEventReader } from './stream-event-reader';
import { parsePosition, textOf, UNKNOWN_POSITION, type StreamPosition } from './stream-position';
import type { StreamQuery } from './stream.query';

const EVERY_MS = 200;
const PAUSE_FACTOR = 32;
const PING_EVERY_MS = 15_000;
const MAX_AGE_MS = 900_000;
/** Clients that were behind, or have reconnected, have positions of their own; so many positions are read in a round. */
const MOST_POSITIONS = 8;

const STOPPING = new Problem(503, {
  code: 'stopping',
  title: 'The instance is stopping',
  detail: 'This instance is stopping; follow the stream at another one, or later.',
  retryAfterSeconds: 5,
});

interface AdminStreamsParts {
  readonly reader: Pick<ChangeReader, 'now' | 'since'>;
  readonly events: Pick<StreamEventReader, 'read'>;
  readonly log: Log;
  /** How many streams may be open at this instance. */
  readonly most: number;
  /** @default 15000 */
  readonly pingEveryMs?: number;
  /** Older streams are ended; their clients reconnect, if they still have access. @default 900000 */
  readonly maxAgeMs?: number | undefined;
}

export class AdminStreams implements BeforeApplicationShutdown {
  private readonly open = new Set<AdminStream>();
  private readonly stopping = new AbortController();
  private idle = new AbortController();
  private heart: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  /** What all current clients have been told. */
  private position: StreamPosition | undefined;

  constructor(private readonly parts: AdminStreamsParts) {}

  get count(): number {
    return this.open.size;
  }

  /** Whether it looks for changes. */
  get isReading(): boolean {
    return this.running !== undefined;
  }

  /** Throws a problem when the instance is at its limit of streams. */
  assertRoom(): void {
    if (this.stopping.signal.aborted) throw STOPPING;
    if (this.open.size < this.parts.most) return;
    throw new Problem(503, {
      code: 'too-many-streams',
      title: 'Too many streams',
      detail: `This instance has ${this.parts.most} streams open, its limit; close one, or try again later.`,
      retryAfterSeconds: 5,
    });
  }

  /** Tells the client what changes from now on, or after the event with this id. */
  follow(query: StreamQuery, lastEventId: string | undefined, response: ServerResponse): void {
    // The client may have disconnected in the meantime.
    if (response.destroyed) return;
    const position = lastEventId === undefined ? undefined : (parsePosition(lastEventId) ?? UNKNOWN_POSITION);
    const stream = new AdminStream(query, position, response);
    this.open.add(stream);
    response.on('drain', () => this.trigger());
    response.once('close', () => this.remove(stream));
    stream.begin();
    this.heart ??= setInterval(() => this.beat(), this.parts.pingEveryMs ?? PING_EVERY_MS);
    this.running ??= this.run();
    this.trigger();
  }

  /** Clients continue at another instance, or at this one when it is back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    this.trigger();
    for (const stream of this.open) stream.stop();
    await this.running;
  }

  private remove(stream: AdminStream): void {
    this.open.delete(stream);
    if (this.open.size > 0) return;
    clearInterval(this.heart);
    this.heart = undefined;
    this.trigger();
  }

  private beat(): void {
    for (const stream of this.open) {
      stream.beat();
      stream.renew(this.parts.maxAgeMs ?? MAX_AGE_MS);
    }
  }

  /** Ends the pause between two rounds: there may be a client to read for. */
  private trigger(): void {
    this.idle.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; this.open.size > 0 && !signal.aborted;) {
      const begunAt = performance.now();
      this.idle = new AbortController();
      try {
        await this.round();
        failures = 0;
        const pauseMs = PAUSE_FACTOR * (performance.now() - begunAt);
        await sleep(pauseMs, signal);
        await sleep(Math.max(0, EVERY_MS - pauseMs), this.idle.signal);
      } catch (error) {
        this.parts.log.warn(`the live stream cannot read what has changed, trying again: ${String(error)}`);
        failures += 1;
        await backoff(failures, signal);
      }
    }
    this.running = undefined;
    this.position = undefined;
  }

  private async round(): Promise<void> {
    const position = (this.position ??= await this.parts.reader.now());
    const ready = [...this.open].filter(({ isCurrent, isBehind }) => !isCurrent && !isBehind);
    await this.begin(
      ready.filter((stream) => stream.position === undefined),
      position,
    );
    await this.catchUp(ready.filter((stream) => stream.position !== undefined));
    await this.advance(position);
  }

  /** Tells new clients where they begin and, if they follow one saga, how it is. */
  private async begin(streams: readonly AdminStream[], position: StreamPosition): Promise<void> {
    for (const stream of streams) {
      stream.beginAt(position);
      stream.isCurrent = true;
    }
    await this.sendSagas(streams, position);
  }

  /** Tells clients that follow one saga how it is. */
  private async sendSagas(streams: readonly AdminStream[], position: StreamPosition): Promise<void> {
    for (const stream of streams)
      if (stream.saga !== undefined) await this.send([stream], { position, sagas: [stream.saga], others: new Map() });
  }

  /** Tells clients that have a position of their own what they have missed. From then on they are current. */
  private async catchUp(streams: readonly AdminStream[]): Promise<void> {
    const groups = [...groupBy(streams, ({ position }) => (position ? textOf(position) : '')).values()];
    for (const group of groups.slice(0, MOST_POSITIONS)) {
      const [{ position } = {}] = group;
      if (position === undefined) continue;
      await this.tell(group, position);
      for (const stream of group) stream.isCurrent = true;
    }
  }

  /** Tells all current clients what has changed since the last round. */
  private async advance(position: StreamPosition): Promise<void> {
    for (const stream of this.open) if (stream.isBehind) stream.isCurrent = false;
    const current = [...this.open].filter(({ isCurrent }) => isCurrent);
    this.position = await this.tell(current, position);
  }

  /** Tells these clients what has changed since a position, and returns the one that they have then. */
  private async tell(streams: readonly AdminStream[], position: StreamPosition): Promise<StreamPosition> {
    const changes = await this.parts.reader.since(position);
    if ('reason' in changes) {
      for (const stream of streams) stream.reset(changes);
      await this.sendSagas(streams, changes.position);
    } else {
      await this.send(streams, changes);
    }
    return changes.position;
  }

  private async send(streams: readonly AdminStream[], changes: Changes): Promise<void> {
    for (const audience of groupBy(streams, (stream) => stream.audience).values()) {
      const [{ query } = {}] = audience;
      if (query === undefined) continue;
      const text = await this.parts.events.read(changes, query);
      const bytes = text === '' ? undefined : Buffer.from(text);
      for (const stream of audience) stream.send(bytes, changes.position);
    }
  }
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
