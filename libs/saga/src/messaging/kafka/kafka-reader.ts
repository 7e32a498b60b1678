/*
 * Reads one message at its place. kafkajs offers that to members of a group alone, which would have to join one for every
 * message; its own cluster and broker, with which its consumers fetch, need none.
 */
import type { Kafka } from 'kafkajs';
import { SagaError } from '../../contract';
import type { IncomingMessage, Place } from '../transport';
import { isOfType } from './error-type';
import type { FetchedRecord } from './decoder';
import { createCluster, type Cluster } from './kafka-client';

const MOST_BYTES = 10 * 2 ** 20;
/** For a message that is not there yet the broker does not wait. */
const WAIT_MS = 1;
const COMMITTED = 1;
const NOT_THERE = ['OFFSET_OUT_OF_RANGE', 'UNKNOWN_TOPIC_OR_PARTITION'];

interface FetchResponse {
  readonly responses: readonly { readonly partitions: readonly { readonly messages: readonly Fetched[] }[] }[];
}

type Fetched = FetchedRecord & Pick<IncomingMessage, 'headers'>;

export class UnreadablePlaceError extends SagaError {
  readonly code = 'unreadable-place';
}

/** The message at this place; undefined where the topic has none. Rejects when the broker does not say, or may not. */
export async function messageAt(kafka: Kafka, place: Place): Promise<IncomingMessage | undefined> {
  const cluster = clusterOf(kafka);
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
  // A batch comes as a whole, also from its middle.
  const found = responses
    .flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages))
    .find((each) => each.offset === offset && !each.isControlRecord && each.undecodable === undefined);
  if (found === undefined) return undefined;
  const { key, value, headers } = found;
  return { topic, partition, offset, key, value, headers };
}

function clusterOf(kafka: Kafka): Cluster {
  const cluster = createCluster(kafka, {
    allowAutoTopicCreation: false,
    isolationLevel: COMMITTED,
    metadataMaxAge: 0,
  });
  if (cluster === undefined)
    throw new UnreadablePlaceError('This version of kafkajs does not say how to read one message.');
  return cluster;
}
