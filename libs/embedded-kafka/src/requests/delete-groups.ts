import type { Broker } from '../broker';
import type { ErrorCode } from '../wire/error-code';
import type { ApiHandler, KafkaRequest, Outcome } from './kafka-request';

export const deleteGroups: ApiHandler = { key: 42, minVersion: 0, maxVersion: 0, handle };

async function handle(request: KafkaRequest, broker: Broker): Promise<Outcome> {
  const { body } = request;
  const names = body.array(() => body.string());
  const results: { name: string; error: ErrorCode }[] = [];
  for (const name of names) results.push({ name, error: await broker.groups.delete(name) });
  const answer = request.answer().int32(0);
  return answer.array(results, ({ name, error }) => answer.string(name).int16(error));
}
