import type { DataSource } from 'typeorm';
import type { Subscription, TopicOffsets } from '../messaging';
import { EventInbox, positionOf } from './event-inbox';

/** Whoever knows how far the topics reach. */
export interface Offsets {
  of(topic: string): Promise<TopicOffsets[]>;
}

/** How far a subscriber is behind in one partition. */
export interface Lag {
  readonly topic: string;
  readonly partition: number;
  /** The offset it reads next. */
  readonly position: number;
  readonly end: number;
  /** Events that it has not handled. */
  readonly lag: number;
  /** The oldest of these is at most so old: so long ago the last handled one was made. 0 without lag. */
  readonly ageMs: number;
  /** Events that it can never handle, because the topic does not keep them any more. */
  readonly lost: number;
}

export async function lagOf(
  dataSource: DataSource,
  offsets: Offsets,
  subscriber: string,
  topics: readonly string[],
  /** What is known to have passed without an event in it; see {@link Subscription.passed}. */
  passed: NonNullable<Subscription['passed']> = () => undefined,
): Promise<Lag[]> {
  const positions = await new EventInbox(dataSource, subscriber, 0).positions();
  const lags = await Promise.all(
    topics.map(async (topic) =>
      (await offsets.of(topic)).map(({ partition, first, end }): Lag => {
        const reached = positionOf(positions, topic, partition);
        const position = Math.max(Number(reached?.position ?? 0n), Number(passed(topic, partition) ?? 0n));
        const lag = Math.max(0, Number(end) - Math.max(position, Number(first)));
        const ageMs = lag === 0 || reached === undefined ? 0 : Math.max(0, Date.now() - reached.eventAt.getTime());
        return {
          topic,
          partition,
          position,
          end: Number(end),
          lag,
          ageMs,
          lost: Math.max(0, Number(first) - position),
        };
      }),
    ),
  );
  return lags.flat();
}
