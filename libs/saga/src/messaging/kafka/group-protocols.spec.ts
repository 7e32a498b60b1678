import type { GroupMember, PartitionCounts } from './group-member';
import { partitionsOf } from './group-protocols';

const member = (id: string, topics: string[], partitions: [string, number][] = []): GroupMember => ({
  id,
  topics,
  partitions: new Map(partitions),
});

describe('the partitions that the leader of a group divides', () => {
  let requests: string[][];

  const answering =
    (answers: [string, number][]) =>
    async (topics: readonly string[]): Promise<PartitionCounts> => {
      requests.push([...topics]);
      return new Map(answers);
    };

  beforeEach(() => {
    requests = [];
  });

  it('uses the counts of partitions that the cluster has just reported, whatever its members saw', async () => {
    const own = new Map([['a', 4]]);
    expect(await partitionsOf([member('m', ['a'], [['a', 8]])], own, answering([]))).toEqual(new Map([['a', 4]]));
    expect(requests).toEqual([]);
  });

  it('uses the counts that the cluster reports also for topics to which only other members subscribe', async () => {
    const members = [member('leader', ['a']), member('one', ['a', 'b'], [['b', 2]]), member('other', ['b'])];
    const counts = await partitionsOf(members, new Map([['a', 4]]), answering([['b', 6]]));
    expect(counts).toEqual(
      new Map([
        ['a', 4],
        ['b', 6],
      ]),
    );
    expect(requests).toEqual([['b']]);
  });

  it('uses the counts that most subscribers of a topic saw when the cluster hides the topic from the leader', async () => {
    const members = [member('leader', []), member('one', ['b'], [['b', 2]]), member('other', ['b'], [['b', 3]])];
    expect(await partitionsOf(members, new Map(), answering([]))).toEqual(new Map([['b', 3]]));
  });

  it('counts no partitions of an unknown topic', async () => {
    expect(await partitionsOf([member('foreign', ['gone'])], new Map(), answering([]))).toEqual(new Map([['gone', 0]]));
  });
});
