/*
 * kafkajs 2.2.4 asks all brokers for the coordinator of a group, drops their errors, and reports that there is none,
 * also when this process is not allowed to see the group.
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
