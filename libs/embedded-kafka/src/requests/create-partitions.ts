import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import { mostPartitions } from './create-topics';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const createPartitions: ApiHandler = { key: 37, minVersion: 0, maxVersion: 0, handle };

function handle(request: KafkaRequest, broker: Broker): Outcome {
  const { body } = request;
  const topics = body.array(() => {
    const topic = { name: body.string(), count: body.int32() };
    body.nullableArray(() => body.array(() => body.int32())); // Where to put them: there is one broker.
    return topic;
  });
  body.int32(); // The timeout: creation takes no time.
  const validateOnly = body.boolean();
  const results = topics.map(({ name, count }) => {
    const error = refusalOf(broker, name, count);
    if (error === ErrorCode.none && !validateOnly) broker.catalog.extend(name, count);
    return { name, error };
  });
  const answer = request.answer().int32(0);
  return answer.array(results, ({ name, error }) => {
    const message = error === ErrorCode.invalidPartitions ? `Name more than there are, up to ${mostPartitions}.` : null;
    answer.string(name).int16(error).nullableString(message);
  });
}

function refusalOf(broker: Broker, name: string, count: number): ErrorCode {
  const topic = broker.catalog.get(name);
  if (!topic) return ErrorCode.unknownTopicOrPartition;
  return count > topic.partitions.length && count <= mostPartitions ? ErrorCode.none : ErrorCode.invalidPartitions;
}
