/*
 * Reads one message at its position. kafkajs offers that only to members of a group, which would have to join one for
 * every message. Its internal cluster and broker, with which its consumers fetch, need no group.
 */
import type { Kafka } from 'kafkajs';
import type { IncomingMessage, Place } from '../transport';
import { isOfType } from './error-type';
import type { FetchedRecord } from './decoder';
import { createCluster, type Cluster } from './kafka-client';

const MOST_BYTES = 10 * 2 ** 20;
/** The broker does not wait for a message that does not exist yet. */
const WAIT_MS = 1;
const COMMITTED = 1;
const NOT_THERE = ['OFFSET_OUT_OF_RANGE', 'UNKNOWN_TOPIC_OR_PARTITION'];

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly Fetched[] }[] }[];
}

type Fetched = FetchedRecord & Pick<IncomingMessage, 'headers'>;

/**
 * The message at this position; undefined when the topic has none there. Rejects when the broker does not answer or
 * denies access.
 */
export async function messageAt(kafka: Kafka, place: Place): Promise<IncomingMessage | undefined> {
  const cluster = createCluster(kafka, { allowAutoTopicCreation: false, isolationLevel: COMMITTED, metadataMaxAge: 0 });
  try {
    await cluster.connect();
    await cluster.addTargetTopic(place.topic);
    return await fetchFrom(cluster, place);
  } catch (error) {
    if (isOfType(error, ...NOT_THERE)) return undefined;
    throw error;
  } finally {
    await cluster.disconnect();
  }
}

async function fetchFrom(cluster: Cluster, { topic, partition, offset }: Place): Promise<IncomingMessage | undefined> {
  const [nodeId] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]));
  if (nodeId === undefined) return undefined;
  const broker = await cluster.findBroker({ nodeId });
  const from = { partition, fetchOffset: offset, maxBytes: MOST_BYTES };
  const { responses } = (await broker.fetch({
    isolationLevel: COMMITTED,
    maxWaitTime: WAIT_MS,
    minBytes: 1,
    maxBytes: MOST_BYTES,
    topics: [{ topic, partitions: [from] }],
  })) as FetchResponse;
  // The broker returns whole batches, also for an offset in the middle.
  const found = responses
    .flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages))
    .find((each) => each.offset === offset && !each.isControlRecord && each.undecodable === undefined);
  if (found === undefined) return undefined;
  const { key, value, headers } = found;
  return { topic, partition, offset, key, value, headers };
}
