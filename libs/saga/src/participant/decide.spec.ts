import { decide as decideBy, type Decision } from './decide';
import type { InboxRow } from './inbox';

const row = (outcome: InboxRow['outcome'], reply: string | null = `a ${outcome}`): InboxRow => ({
  id: 'id',
  outcome,
  reply,
});
const tombstone = row('tombstone', null);
const action = {};
const compensation = { undoes: 'the action' };
const answers = ['success', 'refusal', 'failure'] as const;

/** As by an inbox that remembers all messages, unless told otherwise. */
function decide(command: { undoes?: string }, own?: InboxRow, undone?: InboxRow, remembers = true): Decision {
  return decideBy(command, own, undone, () => remembers);
}

describe('the inbox decision of a participant', () => {
  describe('an action', () => {
    it('runs when it is new', () => {
      expect(decide(action)).toEqual({ kind: 'run' });
    });

    it.each(answers)('is answered from the inbox when it was handled with %s', (outcome) => {
      expect(decide(action, row(outcome))).toEqual({ kind: 'answer', reply: `a ${outcome}` });
    });

    it('is dropped when it comes after its compensation', () => {
      expect(decide(action, tombstone)).toEqual({ kind: 'drop' });
    });
  });

  describe('a compensation', () => {
    it('writes a tombstone when its action is unknown', () => {
      expect(decide(compensation)).toEqual({ kind: 'bury', undoes: 'the action' });
    });

    it('does nothing when its action is unknown and older than the inbox remembers', () => {
      expect(decide(compensation, undefined, undefined, false)).toEqual({ kind: 'forgotten', undoes: 'the action' });
    });

    it.each([
      ['took effect', row('success'), 'run'],
      ['failed', row('failure'), 'nothing-to-undo'],
    ])('goes by the row of its action, however old it is, when it %s', (_what, undone, kind) => {
      expect(decide(compensation, undefined, undone, false)).toEqual({ kind });
    });

    it('runs when its action took effect', () => {
      expect(decide(compensation, undefined, row('success'))).toEqual({ kind: 'run' });
    });

    it.each(['refusal', 'failure'] as const)('has nothing to undo when its action ended in %s', (outcome) => {
      expect(decide(compensation, undefined, row(outcome))).toEqual({ kind: 'nothing-to-undo' });
    });

    it('has nothing to undo when another compensation has written the tombstone of its action', () => {
      expect(decide(compensation, undefined, tombstone)).toEqual({ kind: 'nothing-to-undo' });
    });

    it.each(answers)(
      'is answered from the inbox when it was handled with %s, whatever became of its action',
      (outcome) => {
        for (const undone of [undefined, row('success'), row('failure'), tombstone]) {
          expect(decide(compensation, row(outcome), undone)).toEqual({ kind: 'answer', reply: `a ${outcome}` });
        }
      },
    );

    it('runs when it undoes no command, as in the service that started the saga', () => {
      expect(decide({})).toEqual({ kind: 'run' });
    });
  });
});
