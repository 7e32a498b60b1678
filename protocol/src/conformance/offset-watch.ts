import type { Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 10;

/** A message to the participant, and its offset. */
export interface Sent {
  readonly partition: number;
  readonly offset: bigint;
  /** The id of the command; undefined for a message without one. */
  readonly id: string | undefined;
}

/** The position of a message from the participant. */
export interface Place {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** A group's committed offsets and the end offsets of its output topics, read in this order. */
interface Sample {
  readonly committed: ReadonlyMap<number, bigint>;
  readonly ends: ReadonlyMap<string, bigint>;
}

/**
 * Watches the commits of a participant's group. It reads the committed offsets first and the topics' ends after them,
 * so that a message after such an end was published after the commit. It may miss commits, but never reports a false
 * one.
 */
export class OffsetWatch {
  private readonly messages: Sent[] = [];
  private readonly samples: Sample[] = [];
  private running: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly admin: Admin,
    readonly group: string,
    private readonly topic: string,
  ) {}

  /** Watches until {@link stop}; `topics` are those that the participant publishes to. */
  start(topics: readonly string[]): void {
    this.running = this.watch(topics);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  sent(message: Sent): void {
    this.messages.push(message);
  }

  /** The commands whose offset was committed before their reply was published. */
  committedTooEarly(answerTo: (id: string) => Place | undefined): readonly string[] {
    const first = new Map<string, Sent>();
    for (const each of this.messages) if (each.id !== undefined && !first.has(each.id)) first.set(each.id, each);
    return [...first].flatMap(([id, { partition, offset }]) => {
      const answer = answerTo(id);
      if (answer === undefined) return [];
      const early = this.samples.some(
        ({ committed, ends }) =>
          (committed.get(partition) ?? 0n) > offset && answer.offset >= (ends.get(keyOf(answer)) ?? 0n),
      );
      return early ? [id] : [];
    });
  }

  /** The partitions whose committed offset does not reach the end within this time. */
  async behind(deadlineMs: number): Promise<readonly number[]> {
    const lasts = new Map<number, bigint>();
    for (const { partition, offset } of this.messages) lasts.set(partition, offset);
    const left = (committed: ReadonlyMap<number, bigint>): number[] =>
      [...lasts]
        .filter(([partition, last]) => (committed.get(partition) ?? -1n) <= last)
        .map(([partition]) => partition);
    const deadline = Date.now() + deadlineMs;
    let missing = left(await this.committed());
    while (missing.length > 0 && Date.now() < deadline) {
      await sleep(POLL_MS);
      missing = left(await this.committed());
    }
    return missing;
  }

  private async watch(topics: readonly string[]): Promise<void> {
    let last = '';
    while (!this.stopped) {
      // A failed request is repeated in the next round.
      const committed = await this.committed().catch(() => undefined);
      const text = committed === undefined ? last : [...committed].join();
      if (committed !== undefined && text !== last) {
        const ends = await this.ends(topics).catch(() => undefined);
        if (ends !== undefined) this.samples.push({ committed, ends });
        last = text;
      }
      await sleep(POLL_MS);
    }
  }

  private async committed(): Promise<Map<number, bigint>> {
    const [found] = await this.admin.fetchOffsets({ groupId: this.group, topics: [this.topic] });
    return new Map((found?.partitions ?? []).map(({ partition, offset }) => [partition, BigInt(offset)]));
  }

  private async ends(topics: readonly string[]): Promise<Map<string, bigint>> {
    const found = await Promise.all(
      topics.map(async (topic) => {
        const partitions = await this.admin.fetchTopicOffsets(topic);
        return partitions.map(({ partition, high }) => [keyOf({ topic, partition }), BigInt(high)] as const);
      }),
    );
    return new Map(found.flat());
  }
}

function keyOf({ topic, partition }: Omit<Place, 'offset'>): string {
  return `${topic}/${partition}`;
}
