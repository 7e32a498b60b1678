import { array, assert, constantFrom, integer, property, record, tuple, uniqueArray, type Arbitrary } from 'fast-check';
import { assign, type Division } from './assignments';
import type { GroupMember } from './group-member';
import { range, samePartition } from './group-protocols';

const TOPICS = ['a', 'b', 'c', 'd'];

interface Group {
  readonly members: readonly GroupMember[];
  readonly partitions: ReadonlyMap<string, number>;
}

const memberOf = (id: string, topics: readonly string[]): GroupMember => ({ id, topics, partitions: new Map() });

const partitionsOf = (counts: readonly number[]): ReadonlyMap<string, number> =>
  new Map(TOPICS.map((topic, index) => [topic, counts[index] ?? 0]));

const ids = uniqueArray(integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 7 });
const counts = tuple(...TOPICS.map(() => integer({ min: 0, max: 13 })));

/** Each member subscribes to topics of its own choice, as in the middle of a deployment. */
const mixed: Arbitrary<Group> = record({
  members: ids.chain((taken) =>
    tuple(...taken.map((id) => uniqueArray(constantFrom(...TOPICS)).map((topics) => memberOf(`member-${id}`, topics)))),
  ),
  partitions: counts.map(partitionsOf),
});

/** All subscribe to all topics. */
const uniform: Arbitrary<Group> = record({
  members: ids.map((taken) => taken.map((id) => memberOf(`member-${id}`, TOPICS))),
  partitions: counts.map(partitionsOf),
});

const subscribersOf = ({ members }: Group, topic: string): string[] =>
  members.filter(({ topics }) => topics.includes(topic)).map(({ id }) => id);

/** The readers of each partition, as `topic/partition`. A partition with two readers occurs twice. */
const readers = ({ members, partitions }: Group, divide: Division): [string, string][] =>
  [...assign(members, partitions, divide)].flatMap(([id, assignment]) =>
    Object.entries(assignment).flatMap(([topic, numbers]) =>
      numbers.map((number): [string, string] => [`${topic}/${number}`, id]),
    ),
  );

const ofTopic = (all: readonly [string, string][], topic: string): [string, string][] =>
  all
    .filter(([partition]) => partition.startsWith(`${topic}/`))
    .map(([partition, id]) => [partition.slice(topic.length + 1), id]);

describe.each([
  ['the same partition number for the same member', samePartition],
  ['ranges', range],
])('an assignment by %s', (_, divide) => {
  it('gives every partition of every subscribed topic to exactly one member, which subscribes to it', () => {
    assert(
      property(mixed, (group) => {
        const all = readers(group, divide);
        const expected = TOPICS.filter((topic) => subscribersOf(group, topic).length > 0).flatMap((topic) =>
          Array.from({ length: group.partitions.get(topic) ?? 0 }, (_each, number) => `${topic}/${number}`),
        );
        expect(all.map(([partition]) => partition).toSorted()).toEqual(expected.toSorted());
        for (const [partition, id] of all) expect(subscribersOf(group, partition[0] ?? '')).toContain(id);
      }),
    );
  });

  it('gives the subscribers of a topic equally many of its partitions, or one more', () => {
    assert(
      property(mixed, (group) => {
        const all = readers(group, divide);
        const sharesOf = (topic: string): number[] =>
          subscribersOf(group, topic).map((id) => ofTopic(all, topic).filter((each) => each[1] === id).length);
        const unequal = TOPICS.filter((topic) => {
          const shares = sharesOf(topic);
          return Math.max(0, ...shares) - Math.min(...shares) > 1;
        });
        expect(unequal).toEqual([]);
      }),
    );
  });

  it('gives the same partition numbers of topics with the same subscribers and counts to the same member', () => {
    assert(
      property(mixed, integer({ min: 0, max: 13 }), ({ members }, count) => {
        const group = { members, partitions: partitionsOf(TOPICS.map(() => count)) };
        const all = readers(group, divide);
        for (const [one, other] of [...TOPICS.entries()].flatMap(([at, topic]) =>
          TOPICS.slice(at + 1).map((next): [string, string] => [topic, next]),
        )) {
          if (String(subscribersOf(group, one)) !== String(subscribersOf(group, other))) continue;
          expect(ofTopic(all, one)).toEqual(ofTopic(all, other));
        }
      }),
    );
  });

  it('does not depend on the order in which the members are named', () => {
    assert(
      property(mixed, ({ members, partitions }) => {
        const reversed = { members: members.toReversed(), partitions };
        expect(readers(reversed, divide)).toEqual(readers({ members, partitions }, divide));
      }),
    );
  });
});

describe('an assignment by the same partition number for the same member', () => {
  it('gives a partition number of every topic to the same member when all subscribe to the same', () => {
    assert(
      property(uniform, (group) => {
        const owners = new Map<string, Set<string>>();
        for (const [partition, id] of readers(group, samePartition)) {
          const number = partition.slice(2);
          owners.set(number, (owners.get(number) ?? new Set()).add(id));
        }
        expect([...owners.values()].filter(({ size }) => size > 1)).toEqual([]);
      }),
    );
  });

  it('leaves a partition with the member of its number when some do not subscribe to another topic', () => {
    assert(
      property(uniform, array(constantFrom(true, false), { minLength: 7, maxLength: 7 }), (group, subscribes) => {
        const members = group.members.map(({ id }, index) =>
          memberOf(id, subscribes[index] ? TOPICS : TOPICS.slice(0, -1)),
        );
        const before = readers(group, samePartition).filter(([partition]) => !partition.startsWith('d/'));
        const after = readers({ ...group, members }, samePartition).filter(
          ([partition]) => !partition.startsWith('d/'),
        );
        expect(after).toEqual(before);
        // Members that know the topic keep their partitions of it, too.
        const kept = new Map(readers({ ...group, members }, samePartition));
        for (const [partition, id] of readers(group, samePartition)) {
          const topic = partition[0] ?? '';
          if (subscribersOf({ ...group, members }, topic).includes(id)) expect(kept.get(partition)).toBe(id);
        }
      }),
    );
  });

  it('moves no partition when partitions or a topic are added', () => {
    assert(
      property(uniform, counts, (group, more) => {
        const grown = new Map([...group.partitions].map(([topic, count], at) => [topic, count + (more[at] ?? 0)]));
        const after = new Map(readers({ ...group, partitions: grown }, samePartition));
        for (const [partition, id] of readers(group, samePartition)) expect(after.get(partition)).toBe(id);
      }),
    );
  });
});
