import { createHash } from 'node:crypto';
import { follow, START, type ChainedEntry } from './chain';

/** A chain of these events. */
function chainOf(...events: readonly string[]): ChainedEntry[] {
  let previous = '';
  return events.map((event, index) => {
    const fields = [String(index + 1), previous, `id-${index}`, '1', 'ada', 'pause', 'saga', 's', 's', '2', '', event];
    const [position = '', , id = '', at = '', operator = '', action = '', target = '', targetId = ''] = fields;
    const hash = createHash('sha256').update(fields.join('\n')).digest('hex');
    const rest = { operator, action, target, targetId, sagaId: 's', seq: '2', bulkActionId: '', event };
    const entry = { position, previous, hash, id, at, ...rest };
    previous = hash;
    return entry;
  });
}

const three = chainOf('{"n":1}', '{"n":2}', '{"n":3}');
const [first, second, third] = three as [ChainedEntry, ChainedEntry, ChainedEntry];

describe('the chain of the operator log', () => {
  it('ends at its last entry when every entry follows from the one before', () => {
    expect(follow(START, three)).toEqual({ position: 3, hash: third.hash });
    expect(follow({ position: 1, hash: first.hash }, [second, third])).toEqual({ position: 3, hash: third.hash });
    expect(follow(START, [])).toEqual(START);
  });

  it.each(['operator', 'action', 'target', 'targetId', 'sagaId', 'seq', 'bulkActionId', 'event', 'at', 'id'] as const)(
    'is broken where %s of an entry was changed',
    (field) => {
      const changed = { ...second, [field]: 'another' };
      expect(follow(START, [first, changed, third])).toEqual({ position: 2, problem: 'Its content was changed.' });
    },
  );

  it('is broken where an entry is missing', () => {
    expect(follow(START, [first, third])).toMatchObject({ position: 2, problem: expect.stringMatching(/is missing/) });
    expect(follow(START, [second, third])).toMatchObject({ position: 1 });
  });

  it('is broken behind an entry that was replaced together with its hash', () => {
    const [, forged] = chainOf('{"n":1}', '{"n":"forged"}') as [ChainedEntry, ChainedEntry];
    expect(follow(START, [first, forged, third])).toMatchObject({
      position: 3,
      problem: expect.stringMatching(/does not follow/),
    });
  });
});
