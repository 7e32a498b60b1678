import { nodeId } from '../broker';
import type { Broker } from '../broker';
import { configRefusal } from '../topics/topic-config';
import { isTopicName } from '../topics/topic-name';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { inSlices } from './in-slices';
import { settingsOf, sourceOf } from './describe-configs';
import type { TopicSetting } from '../topics/topic-config';
import type { WireWriter } from '../wire/wire-writer';

export const createTopics: ApiHandler = { key: 19, minVersion: 0, maxVersion: 7, flexibleFrom: 5, handle };

/** The maximum of one topic. */
export const mostPartitions = 1000;

export const couldNotWrite = 'The broker could not write to its directory; its log has the cause.';

interface NewTopic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly assignments: readonly { readonly partition: number; readonly brokers: readonly number[] }[];
  readonly configs: readonly { readonly name: string; readonly value: string | null }[];
}

interface Refusal {
  readonly error: ErrorCode;
  readonly message: string;
}

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version } = request;
  const topics = body.structs(() => readTopic(body));
  body.int32(); // The timeout: creation is immediate.
  const validateOnly = version >= 1 && body.boolean();
  const results = await inSlices(topics, async (topic) => {
    const attempt = (): Refusal | undefined => create(broker, topic, validateOnly);
    const refusal = await orStorageError(broker, attempt, (error) => ({ error, message: couldNotWrite }));
    return { topic, refusal };
  });
  const answer = request.answer();
  if (version >= 2) answer.int32(0);
  answer.structs(results, ({ topic, refusal }) => {
    answer.string(topic.name);
    if (version >= 7) answer.noTopicId();
    answer.int16(refusal?.error ?? ErrorCode.none);
    if (version >= 1) answer.nullableString(refusal?.message ?? null);
    if (version < 5) return;
    answer.int32(refusal ? -1 : partitionsOf(broker, topic)).int16(refusal ? -1 : 1);
    writeConfig(answer, settingsOf(broker, Object.fromEntries(configOf(topic))));
  });
  return answer.tags();
}

function readTopic(body: WireReader): NewTopic {
  return {
    name: body.string(),
    partitions: body.int32(),
    replicationFactor: body.int16(),
    assignments: body.structs(() => ({ partition: body.int32(), brokers: body.array(() => body.int32()) })),
    configs: body.structs(() => ({ name: body.string(), value: body.nullableString() })),
  };
}

function create(broker: Broker, topic: NewTopic, validateOnly: boolean): Refusal | undefined {
  const refusal = refusalOf(broker, topic);
  if (refusal || validateOnly) return refusal;
  broker.catalog.create(topic.name, partitionsOf(broker, topic), Object.fromEntries(configOf(topic)));
  return undefined;
}

function configOf({ configs }: NewTopic): [string, string][] {
  return configs.map(({ name, value }) => [name, value ?? '']);
}

function writeConfig(answer: WireWriter, settings: readonly TopicSetting[]): void {
  answer.structs(settings, ({ name, value, isOwn }) => {
    answer.string(name).nullableString(value).boolean(true).int8(sourceOf(isOwn)).boolean(false);
  });
}

function partitionsOf(broker: Broker, { partitions, assignments }: NewTopic): number {
  if (assignments.length > 0) return assignments.length;
  return partitions === -1 ? broker.settings.defaultPartitions : partitions;
}

function refusalOf(broker: Broker, topic: NewTopic): Refusal | undefined {
  const { name, replicationFactor, assignments } = topic;
  if (!isTopicName(name)) {
    return { error: ErrorCode.invalidTopic, message: 'A topic name has 1 to 249 of a-z, A-Z, 0-9, ".", "_" and "-".' };
  }
  if (broker.catalog.get(name)) {
    return { error: ErrorCode.topicAlreadyExists, message: `Topic '${name}' already exists.` };
  }
  const partitions = partitionsOf(broker, topic);
  if (partitions < 1 || partitions > mostPartitions) {
    return { error: ErrorCode.invalidPartitions, message: `A topic has 1 to ${mostPartitions} partitions.` };
  }
  if (!broker.catalog.hasRoomFor(partitions)) {
    return { error: ErrorCode.invalidPartitions, message: noRoom(broker) };
  }
  if (assignments.length === 0 && replicationFactor !== 1 && replicationFactor !== -1) {
    return { error: ErrorCode.invalidReplicationFactor, message: 'There is one broker: the factor is 1 or -1.' };
  }
  if (!assignments.every((entry, at) => entry.partition === at && isHere(entry.brokers))) {
    return { error: ErrorCode.invalidReplicaAssignment, message: `Partitions count from 0, each on broker ${nodeId}.` };
  }
  const message = topic.configs.map((config) => configRefusal(config.name, config.value)).find(Boolean);
  return message ? { error: ErrorCode.invalidConfig, message } : undefined;
}

export function noRoom({ settings }: Broker): string {
  return `All topics together have at most ${settings.partitionsMax} partitions (partitionsMax); delete some first.`;
}

function isHere(brokers: readonly number[]): boolean {
  return brokers.length === 1 && brokers[0] === nodeId;
}
