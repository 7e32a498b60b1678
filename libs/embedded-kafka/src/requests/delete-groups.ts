import type { Broker } from '../broker';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';
import { orStorageError } from './storage-failure';
import { inSlices } from './in-slices';

export const deleteGroups: ApiHandler = { key: 42, minVersion: 0, maxVersion: 2, flexibleFrom: 2, handle };

async function handle(request: KafkaRequest, broker: Broker): Promise<RequestOutcome> {
  const { body } = request;
  const names = body.array(() => body.string());
  const results = await inSlices(names, async (name) => {
    return {
      name,
      error: await orStorageError(
        broker,
        () => broker.groups.delete(name),
        (error) => error,
      ),
    };
  });
  const answer = request.answer().int32(0);
  return answer.structs(results, ({ name, error }) => answer.string(name).int16(error)).tags();
}
