import type { Subscription, TopicOffsets } from '../messaging';
import { type EventInbox, positionOf } from './event-inbox';

/** A source of the end offsets of topics. */
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
  /** How many events it has not handled. */
  readonly lag: number;
  /** An upper bound for the age of the oldest of these: the age of the last handled event. 0 without lag. */
  readonly ageMs: number;
  /** How many events it can never handle, because the topic no longer keeps them. */
  readonly lost: number;
}

export async function lagOf(
  inbox: EventInbox,
  offsets: Offsets,
  topics: readonly string[],
  /** The offsets that are known to hold no event; see {@link Subscription.passed}. */
  passed: NonNullable<Subscription['passed']> = () => undefined,
): Promise<Lag[]> {
  const positions = await inbox.positions();
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
