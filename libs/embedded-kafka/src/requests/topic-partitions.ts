import type { WireReader } from '../wire/wire-reader';
import type { WireWriter } from '../wire/wire-writer';

/** The shape of most requests and responses: topics by name, each with an item per partition. */
export interface OfTopic<Item> {
  readonly topic: string;
  readonly items: readonly Item[];
}

export function readByTopic<Item>(body: WireReader, item: (topic: string) => Item): OfTopic<Item>[] {
  return body.structs(() => {
    const topic = body.string();
    return { topic, items: body.structs(() => item(topic)) };
  });
}

export function writeByTopic<Item>(
  answer: WireWriter,
  topics: readonly OfTopic<Item>[],
  write: (item: Item) => void,
): void {
  answer.structs(topics, ({ topic, items }) => {
    answer.string(topic).structs(items, write);
  });
}

/** The same topics with every item replaced. */
export function mapItems<Item, Result>(
  topics: readonly OfTopic<Item>[],
  map: (topic: string, item: Item) => Result,
): OfTopic<Result>[] {
  return topics.map(({ topic, items }) => ({ topic, items: items.map((item) => map(topic, item)) }));
}
