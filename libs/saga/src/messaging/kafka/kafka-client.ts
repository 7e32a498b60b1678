/*
 * The kafkajs clients of this library. They differ from what `new Kafka()` returns in the six ways that `adapt` lists. Each
 * difference is a property of our own client's objects. Never change a class, a module or a registry of kafkajs here:
 * the application's own clients in this process share them.
 */
import { Kafka, type KafkaConfig, type logCreator } from 'kafkajs';
import type { Log } from '../logger';
import { isOfType } from './error-type';
import { fetchDecoder } from './fetched-batches';
import { assertKafkajs } from './internal';
import { produceEncoder } from './produce-request';
import { API_KEYS, type MakeRequest, type ReplaceRequest } from './protocol-request';

const CREATE_CLUSTER = 'private:Kafka:createCluster';

/** The connection of a producer, a consumer or an admin client to the brokers. Each has one of its own. */
export interface Cluster {
  readonly brokerPool: ClusterBrokers;
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: readonly number[]): Readonly<Record<string, number[]>>;
  findBroker(of: { nodeId: string }): Promise<Broker>;
}

interface ClusterBrokers extends BrokerPool {
  createBroker(this: void, options: object): Broker;
  readonly connectionPoolBuilder: { build(this: void, place?: object): Promise<ConnectionPool> };
}

interface ConnectionPool {
  map(visit: (connection: { readonly requestQueue: RequestQueue }) => void): unknown;
}

export interface Broker {
  /** Finds the newest version of a request that the broker knows. Set each time that the broker connects. */
  lookupRequest: (apiKey: number, definitions: unknown) => MakeRequest;
  fetch(request: object): Promise<unknown>;
}

type CreateCluster = (options: object) => Cluster;
type RequestReplacements = Readonly<Record<number, ReplaceRequest>>;

/** Creates a kafkajs client with the differences of `adapt`. */
export function createKafka(config: KafkaConfig): Kafka {
  assertKafkajs();
  const kafka = new Kafka(config);
  const replacements = {
    [API_KEYS.produce]: produceEncoder(),
    [API_KEYS.fetch]: fetchDecoder(),
    [API_KEYS.describeConfigs]: withErrorsOfEach,
  };
  const key = createClusterKey(kafka);
  const create = internals(kafka)[key]!;
  internals(kafka)[key] = (options) => adapt(create(options), replacements);
  return kafka;
}

/** Creates a cluster of this client. */
export function createCluster(kafka: Kafka, options: object): Cluster {
  return internals(kafka)[createClusterKey(kafka)]!(options);
}

function createClusterKey(kafka: Kafka): symbol {
  return Object.getOwnPropertySymbols(kafka).find(({ description }) => description === CREATE_CLUSTER)!;
}

const internals = (kafka: Kafka): Record<symbol, CreateCluster> => kafka as unknown as Record<symbol, CreateCluster>;

/**
 * Makes this cluster report a forbidden group, removes the timer of its idle connections, encodes produce requests in
 * one pass, decodes fetched batches of all codecs within limits, including a limit on a record's headers, and returns
 * the settings of topics beside those that are forbidden.
 */
function adapt(cluster: Cluster, replacements: RequestReplacements): Cluster {
  const { brokerPool } = cluster;
  const { connectionPoolBuilder, createBroker } = brokerPool;
  const { build } = connectionPoolBuilder;
  explainForbiddenGroups(brokerPool);
  connectionPoolBuilder.build = async (place) => {
    const connections = await build(place);
    connections.map(({ requestQueue }) => stopIdleTimer(requestQueue));
    return connections;
  };
  brokerPool.createBroker = (options) => replaceRequests(createBroker(options), replacements);
  return cluster;
}

/** Applies the replacements to every look-up function that kafkajs gives this broker, now and when it reconnects. */
function replaceRequests(broker: Broker, replacements: RequestReplacements): Broker {
  let lookup = broker.lookupRequest;
  const replaced: Broker['lookupRequest'] = (apiKey, definitions) => {
    const make = lookup(apiKey, definitions);
    const replace = replacements[apiKey];
    return replace === undefined ? make : (input) => replace(make(input), input);
  };
  return Object.defineProperty(broker, 'lookupRequest', {
    get: () => replaced,
    set: (next: Broker['lookupRequest']) => {
      lookup = next;
    },
  });
}

/** The requests of one connection of kafkajs. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/**
 * Removes the timer of this connection while it is idle. kafkajs 2.2.4 re-arms a timer of 1 ms for every connection
 * also when no request is pending, which uses about 4 % of a core in an idle process. A response starts the timer again
 * while requests are pending.
 */
function stopIdleTimer(queue: RequestQueue): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule();
  };
}

/** Returns the settings of each topic with its error. kafkajs rejects when one of the topics has an error. */
const withErrorsOfEach: ReplaceRequest = (made) => ({
  ...made,
  response: { ...made.response, parse: (decoded: object) => Promise.resolve(decoded) },
});

type Ask = (place: unknown) => Promise<unknown>;

/** The brokers of one kafkajs cluster. */
interface BrokerPool {
  withBroker(ask: Ask): Promise<unknown>;
}

/**
 * Makes this cluster report that a group is forbidden. kafkajs 2.2.4 asks all brokers for the coordinator of a group,
 * forgets their errors, and reports that there is no coordinator, also when this process may not know about the group.
 */
function explainForbiddenGroups(pool: BrokerPool): void {
  const withBroker = pool.withBroker.bind(pool);
  pool.withBroker = async (ask) => {
    let refusal: unknown;
    const answer = await withBroker(async (place) => {
      try {
        return await ask(place);
      } catch (error) {
        if (isOfType(error, 'GROUP_AUTHORIZATION_FAILED')) refusal = error;
        throw error;
      }
    });
    if (answer === null && refusal !== undefined) throw refusal;
    return answer;
  };
}

const OUT_OF_RANGE = 'Offset out of range, resetting to default offset';

/** The errors of this request are thrown, but for that of a topic that another process has created in the meantime. */
const CREATE_TOPICS = /^Response CreateTopics\(/;

/**
 * Writes kafkajs' messages to our log. A lost position of a group is raised to an error, because an operator must look
 * at it.
 */
export function kafkaLog(log: Log): logCreator {
  return () =>
    ({ namespace, log: { message, ...about } }) => {
      if (CREATE_TOPICS.test(message)) return;
      const { error, groupId, topic, partition } = about as Partial<Record<string, string | number>>;
      const why = error === undefined ? '' : `: ${error}`;
      if (message !== OUT_OF_RANGE) return log.warn(`${namespace}: ${message}${why}`);
      log.error(
        `the broker has lost messages of ${topic}/${partition}: the offset of ${groupId} is beyond its end and is reset`,
      );
    };
}
