import type { logCreator } from 'kafkajs';
import type { Log } from '../logger';

const OUT_OF_RANGE = 'Offset out of range, resetting to default offset';

/**
 * Writes kafkajs' messages to our log. A lost position of a group is raised to an error, because an operator must look
 * at it.
 */
export function kafkaLog(log: Log): logCreator {
  return () =>
    ({ namespace, log: { message, ...about } }) => {
      const { error, groupId, topic, partition } = about as Partial<Record<string, string | number>>;
      const why = error === undefined ? '' : `: ${error}`;
      if (message !== OUT_OF_RANGE) return log.warn(`${namespace}: ${message}${why}`);
      log.error(
        `the broker has lost messages of ${topic}/${partition}: the offset of ${groupId} is beyond its end and is reset`,
      );
    };
}
