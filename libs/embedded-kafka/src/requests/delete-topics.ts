import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { inTurns } from './turns';

export const deleteTopics: ApiHandler = { key: 20, minVersion: 0, maxVersion: 1, handle };

async function handle(request: KafkaRequest, broker: Broker): Promise<Outcome> {
  const { body, version } = request;
  const names = body.array(() => body.string());
  body.int32(); // The timeout: deletion takes no time.
  const results = await inTurns(names, async (name) => {
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
  return answer.array(results, ({ name, error }) => answer.string(name).int16(error));
}

async function remove(broker: Broker, name: string): Promise<ErrorCode> {
  if (!broker.catalog.get(name)) return ErrorCode.unknownTopicOrPartition;
  // Offsets first: were the broker killed in between, a topic without offsets does less harm than the reverse.
  await broker.offsets.deleteTopic(name);
  broker.catalog.delete(name);
  return ErrorCode.none;
}
