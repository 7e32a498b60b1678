import type { Broker } from '../src/broker';
import { requestBody } from './conformance/request-body';
import { answerRequest } from '../src/requests/api-table';
import { KafkaRequest } from '../src/requests/kafka-request';
import type { RequestOrigin } from '../src/requests/kafka-request';
import { WireReader } from '../src/wire/wire-reader';

/** A connection whose requests do not wait. */
export const nonWaitingOrigin: RequestOrigin = {
  host: 'test',
  answerRoomBytes: Infinity,
  hasNextRequest: () => true,
  park: () => () => undefined,
  onClose: () => () => undefined,
};

/** Lets a broker handle a request as a connection does, without a connection. Returns the response's body. */
export async function askBroker(broker: Broker, apiKey: number, version: number, body: Buffer): Promise<WireReader> {
  const header = requestBody((writer) => writer.int16(apiKey).int16(version).int32(1).nullableString('test'));
  const request = new KafkaRequest(Buffer.concat([header, body]), nonWaitingOrigin);
  const outcome = await answerRequest(request, broker);
  return new WireReader(Buffer.concat(outcome!.finish()), 8);
}
