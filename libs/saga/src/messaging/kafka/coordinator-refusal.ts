/*
 * kafkajs 2.2.4 asks all brokers for the coordinator of a group, forgets what they answer, and says that there is none: also
 * when this process may not know about the group.
 */
import { isOfType } from './error-type';

type Ask = (place: unknown) => Promise<unknown>;

/** The brokers of one kafkajs cluster. */
export interface BrokerPool {
  withBroker(ask: Ask): Promise<unknown>;
}

/** Makes this cluster report that a group is forbidden. */
export function explainForbiddenGroups(pool: BrokerPool): void {
  const withBroker = pool.withBroker.bind(pool);
  pool.withBroker = async (ask) => {
    let refusal: unknown;
    const answer = await withBroker(async (place) => {
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
