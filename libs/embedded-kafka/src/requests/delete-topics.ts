import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { inSlices } from './in-slices';

export const deleteTopics: ApiHandler = { key: 20, minVersion: 0, maxVersion: 6, flexibleFrom: 4, handle };

const topicIdBytes = 16;

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body, version } = request;
  const names = version >= 6 ? body.structs(() => readName(body)) : body.array(() => body.string());
  body.int32(); // The timeout: deletion is immediate.
  const results = await inSlices(names, async (name) => {
    return {
      name,
      error: await orStorageError(
        broker,
        () => remove(broker, name),
        (error) => error,
      ),
    };
  });
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  answer.structs(results, ({ name, error }) => {
    answer.nullableString(name);
    if (version >= 6) answer.noTopicId();
    answer.int16(error);
    if (version >= 5) answer.nullableString(null);
  });
  return answer.tags();
}

/** Null for a topic that the request names by its id. */
function readName(body: WireReader): string | null {
  const name = body.nullableString();
  body.skip(topicIdBytes);
  return name;
}

async function remove(broker: Broker, name: string | null): Promise<ErrorCode> {
  if (name === null) return ErrorCode.unknownTopicId;
  if (!broker.catalog.get(name)) return ErrorCode.unknownTopicOrPartition;
  // Offsets first: if the broker is killed in between, a topic without offsets does less harm than the reverse.
  await broker.offsets.deleteTopic(name);
  broker.catalog.delete(name);
  return ErrorCode.none;
}
