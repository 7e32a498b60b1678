import { Partitioners, type ICustomPartitioner } from 'kafkajs';
import type { PartitionGrowth } from './partition-growth';

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
