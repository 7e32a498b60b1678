/*
 * kafkajs 2.2.4 asks all brokers for the coordinator of a group, forgets what they answer, and says that there is none: also
 * when this process may not know about the group.
 */
import { isOfType } from './error-type';
import { internalOfKafkajs } from './internal';

type Ask = (place: unknown) => Promise<unknown>;

interface BrokerPool {
  withBroker(ask: Ask): Promise<unknown>;
}

/** Lets kafkajs tell that a group is forbidden; does nothing for a version of kafkajs that was not looked at. */
export function explainForbiddenGroups(): void {
  const pool = internalOfKafkajs('cluster/brokerPool') as
    { prototype: BrokerPool & { palinode?: boolean } } | undefined;
  if (pool === undefined || pool.prototype.palinode) return;
  const { withBroker } = pool.prototype;
  pool.prototype.palinode = true;
  pool.prototype.withBroker = async function (this: BrokerPool, ask: Ask): Promise<unknown> {
    let refusal: unknown;
    const answer = await withBroker.call(this, async (place) => {
      try {
        return await ask(place);
      } catch (error) {
        if (isOfType(error, 'GROUP_AUTHORIZATION_FAILED')) refusal = error;
        throw error;
      }
    });
    if (answer === null && refusal !== undefined) throw refusal;
    return answer;
  };
}
