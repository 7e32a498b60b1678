import { type ICustomPartitioner, Partitioners } from 'kafkajs';

/**
 * Picks the same partitions as kafkajs' default partitioner and Kafka's Java client, by the murmur2 hash of the key.
 * kafkajs computes it with 64-bit numbers, which takes 3 µs per message. Partitions that were just added are not used
 * yet.
 */
export const partitionerOf =
  (growth: PartitionGrowth): ICustomPartitioner =>
  () => {
    const withoutKey = Partitioners.DefaultPartitioner();
    return (args) => {
      const { topic, message, partitionMetadata } = args;
      const count = growth.used(topic, partitionMetadata.length);
      const { key } = message;
      if (key === null || key === undefined) {
        const used = partitionMetadata.filter(({ partitionId }) => partitionId < count);
        return withoutKey({ ...args, partitionMetadata: used });
      }
      const hash = murmur2(typeof key === 'string' ? Buffer.from(key) : key);
      return (hash & 0x7f_ff_ff_ff) % count;
    };
  };

const MULTIPLIER = 0x5b_d1_e9_95;
const SEED = 0x97_47_b2_8c;

function murmur2(bytes: Buffer): number {
  let hash = SEED ^ bytes.length;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const word = Math.imul(bytes.readInt32LE(at), MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word ^ (word >>> 24), MULTIPLIER);
  }
  const rest = bytes.length - whole;
  if (rest > 0) hash = Math.imul(hash ^ bytes.readUIntLE(whole, rest), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

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
