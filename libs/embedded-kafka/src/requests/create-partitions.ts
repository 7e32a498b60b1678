import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import { couldNotWrite, mostPartitions, noRoom } from './create-topics';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { inSlices } from './in-slices';

export const createPartitions: ApiHandler = { key: 37, minVersion: 0, maxVersion: 3, flexibleFrom: 2, handle };

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body } = request;
  const topics = body.structs(() => {
    const topic = { name: body.string(), count: body.int32() };
    body.nullableStructs(() => body.array(() => body.int32())); // The replica assignment: there is one broker.
    return topic;
  });
  body.int32(); // The timeout: creation is immediate.
  const validateOnly = body.boolean();
  const results = await inSlices(topics, async ({ name, count }) => {
    const attempt = (): Refusal => extend(broker, name, count, validateOnly);
    return { name, ...(await orStorageError(broker, attempt, (error) => ({ error, message: couldNotWrite }))) };
  });
  const answer = request.answer().int32(0);
  answer.structs(results, ({ name, error, message }) => {
    answer.string(name).int16(error).nullableString(message);
  });
  return answer.tags();
}

interface Refusal {
  readonly error: ErrorCode;
  readonly message: string | null;
}

function extend(broker: Broker, name: string, count: number, validateOnly: boolean): Refusal {
  const topic = broker.catalog.get(name);
  if (!topic) return { error: ErrorCode.unknownTopicOrPartition, message: null };
  if (count <= topic.partitions.length || count > mostPartitions) {
    return {
      error: ErrorCode.invalidPartitions,
      message: `The number must be larger than the present one, and at most ${mostPartitions}.`,
    };
  }
  if (!broker.catalog.hasRoomFor(count - topic.partitions.length)) {
    return { error: ErrorCode.invalidPartitions, message: noRoom(broker) };
  }
  if (!validateOnly) broker.catalog.extend(name, count);
  return { error: ErrorCode.none, message: null };
}
