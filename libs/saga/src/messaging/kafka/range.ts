import type { Division } from './assignments';

/**
 * Divides a topic as the standard assignor `range` does: its subscribers get adjacent partitions, equally many or one
 * more.
 */
export const range: Division = (members, topic, count) => {
  const subscribers = members.filter(({ topics }) => topics.includes(topic));
  const startOf = (index: number): number => Math.ceil((index * count) / subscribers.length);
  return new Map(
    subscribers.map(({ id }, index): [string, number[]] => [
      id,
      Array.from({ length: startOf(index + 1) - startOf(index) }, (_, n) => startOf(index) + n),
    ]),
  );
};
