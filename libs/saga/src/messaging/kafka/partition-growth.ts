/** How old a consumer's view of its topics can be: it reads new partitions one rebalance later. */
export const CONSUMER_METADATA_MS = 2_000;
export const PRODUCER_METADATA_MS = 10_000;
/** How long a producer that sees new partitions does not use them. After this time consumers read them. */
const USED_AFTER_MS = 15_000;

interface Growth {
  used: number;
  seen: number;
  seenAt: number;
}

/**
 * Decides how many partitions of each topic to publish to. Partitions that are added to a topic in use are used only
 * after its consumers have had the time to notice them. Otherwise a message in a partition that has no reader yet would
 * wait while the timeout of its saga's step runs.
 */
export class PartitionGrowth {
  private readonly topics = new Map<string, Growth>();

  constructor(private readonly elapsedMs = (): number => performance.now()) {}

  /** How many of the existing partitions to use: all when this process has not seen the topic before. */
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
