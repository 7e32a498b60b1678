import type { logCreator } from 'kafkajs';
import type { Log } from '../logger';

const OUT_OF_RANGE = 'Offset out of range, resetting to default offset';

/** What kafkajs says, in our log. That a group's place in a log is gone is for people to look at. */
export function kafkaLog(log: Log): logCreator {
  return () =>
    ({ namespace, log: { message, ...about } }) => {
      const { error, groupId, topic, partition } = about as Partial<Record<string, string | number>>;
      const why = error === undefined ? '' : `: ${error}`;
      if (message !== OUT_OF_RANGE) return log.warn(`${namespace}: ${message}${why}`);
      log.error(
        `the broker has lost messages of ${topic}/${partition}: the place of ${groupId} is beyond its end; it begins anew`,
      );
    };
}
