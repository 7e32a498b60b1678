/** How old a consumer's view of its topics gets: it reads new partitions one rebalance later. */
export const CONSUMER_METADATA_MS = 2_000;
export const PRODUCER_METADATA_MS = 10_000;
/** How long a producer that sees new partitions goes on without them. Consumers read them by then. */
const USED_AFTER_MS = 15_000;

interface Growth {
  used: number;
  seen: number;
  seenAt: number;
}

/**
 * Counts the partitions of each topic that messages are published to. Partitions that are added to a topic in use are used
 * only when its consumers have had the time to notice them, however early the producer did: a message in a partition that
 * nobody reads yet waits, while the timeout of its saga's step runs.
 */
export class PartitionGrowth {
  private readonly topics = new Map<string, Growth>();

  constructor(private readonly elapsedMs = (): number => performance.now()) {}

  /** How many of the partitions that there are to use: all when this process has not seen the topic before. */
  used(topic: string, seen: number): number {
    const growth = this.topics.get(topic);
    if (growth === undefined || seen < growth.used) {
      this.topics.set(topic, { used: seen, seen, seenAt: 0 });
      return seen;
    }
    if (seen !== growth.seen) Object.assign(growth, { seen, seenAt: this.elapsedMs() });
    if (seen > growth.used && this.elapsedMs() - growth.seenAt >= USED_AFTER_MS) growth.used = seen;
    return growth.used;
  }
}
