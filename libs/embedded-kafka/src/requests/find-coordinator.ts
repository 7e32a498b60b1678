import { nodeId } from '../broker';
import type { Broker } from '../broker';
import { ErrorCode } from '../wire/error-code';
import type { WireWriter } from '../wire/wire-writer';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const findCoordinator: ApiHandler = { key: 10, minVersion: 0, maxVersion: 4, flexibleFrom: 3, handle };

const ofGroup = 0;

/** From version 4 on, a request has several keys. */
const severalKeysFrom = 4;

/** Clients give up at once on this error; on others they search for a coordinator until their timeout. */
const noTransactions = ErrorCode.transactionalIdAuthorizationFailed;
export const noTransactionsMessage = 'This broker has no transactions: use a producer without a transactional id.';

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  if (version < severalKeysFrom) body.string(); // Which group or transaction: the one broker coordinates all.
  const isGroup = version === 0 || body.int8() === ofGroup;
  const answer = request.answer();
  if (version >= 1) answer.int32(0);
  if (version < severalKeysFrom) {
    answer.int16(isGroup ? ErrorCode.none : noTransactions);
    if (version >= 1) answer.nullableString(isGroup ? null : noTransactionsMessage);
    writeNode(answer, broker, isGroup);
    return answer.tags();
  }
  const keys = body.array(() => body.string());
  answer.structs(keys, (each) => {
    answer.string(each);
    writeNode(answer, broker, isGroup);
    answer.int16(isGroup ? ErrorCode.none : noTransactions).nullableString(isGroup ? null : noTransactionsMessage);
  });
  return answer.tags();
}

function writeNode(answer: WireWriter, { advertised }: Broker, isFound: boolean): void {
  if (isFound) answer.int32(nodeId).string(advertised.host).int32(advertised.port);
  else answer.int32(-1).string('').int32(-1);
}
