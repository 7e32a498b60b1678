import { nodeId } from '../broker';
import type { Broker } from '../broker';
import type { Topic } from '../topics/topic-catalog';
import { isTopicName } from '../topics/topic-name';
import { ErrorCode } from '../wire/error-code';
import type { WireWriter } from '../wire/wire-writer';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const metadata: ApiHandler = { key: 3, minVersion: 0, maxVersion: 9, flexibleFrom: 9, handle };

/** Means: not requested. */
const noOperations = -(2 ** 31);

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const names = body.nullableStructs(() => body.string());
  if (version >= 4) body.boolean(); // Whether to create missing topics: metadata requests never do.
  if (version >= 8) body.skip(2); // Whether to include authorized operations: there is no authorization.
  const wantsAll = names === null || (version === 0 && names.length === 0);
  const answer = request.answer();
  if (version >= 3) answer.int32(0);
  writeBroker(answer, broker, version);
  if (version >= 2) answer.nullableString(broker.clusterId);
  if (version >= 1) answer.int32(nodeId);
  // Each topic once: a request that repeats a name a million times would need a response of gigabytes.
  answer.structs(wantsAll ? broker.catalog.all().map(({ name }) => name) : [...new Set(names)], (name) => {
    writeTopic(answer, name, broker.catalog.get(name), version);
  });
  if (version >= 8) answer.int32(noOperations);
  return answer.tags();
}

function writeBroker(answer: WireWriter, { advertised }: Broker, version: number): void {
  answer.structs([nodeId], (id) => {
    answer.int32(id).string(advertised.host).int32(advertised.port);
    if (version >= 1) answer.nullableString(null);
  });
}

function writeTopic(answer: WireWriter, name: string, topic: Topic | undefined, version: number): void {
  const missing = isTopicName(name) ? ErrorCode.unknownTopicOrPartition : ErrorCode.invalidTopic;
  answer.int16(topic ? ErrorCode.none : missing).string(name);
  if (version >= 1) answer.boolean(false);
  answer.structs([...(topic?.partitions.keys() ?? [])], (partition) => {
    answer.int16(ErrorCode.none).int32(partition).int32(nodeId);
    if (version >= 7) answer.int32(-1); // The leader epoch: the leader never changes.
    answer.array([nodeId], (id) => answer.int32(id));
    answer.array([nodeId], (id) => answer.int32(id));
    if (version >= 5) answer.array([], () => undefined);
  });
  if (version >= 8) answer.int32(noOperations);
}
