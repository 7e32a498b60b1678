import { decide } from './decide';
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

describe('what a participant does with', () => {
  describe('an action', () => {
    it('that is new: runs it', () => {
      expect(decide(action)).toEqual({ kind: 'run' });
    });

    it.each(answers)('that was handled with %s: answers from the inbox', (outcome) => {
      expect(decide(action, row(outcome))).toEqual({ kind: 'answer', reply: `a ${outcome}` });
    });

    it('that comes after its compensation: drops it', () => {
      expect(decide(action, tombstone)).toEqual({ kind: 'drop' });
    });
  });

  describe('a compensation', () => {
    it('of an action that is not known: buries the action', () => {
      expect(decide(compensation)).toEqual({ kind: 'bury', undoes: 'the action' });
    });

    it('of an action that took effect: runs it', () => {
      expect(decide(compensation, undefined, row('success'))).toEqual({ kind: 'run' });
    });

    it.each(['refusal', 'failure'] as const)('of an action that ended in %s: has nothing to undo', (outcome) => {
      expect(decide(compensation, undefined, row(outcome))).toEqual({ kind: 'nothing-to-undo' });
    });

    it('of an action that another compensation has buried: has nothing to undo', () => {
      expect(decide(compensation, undefined, tombstone)).toEqual({ kind: 'nothing-to-undo' });
    });

    it.each(answers)('that was handled with %s: answers from the inbox, whatever became of the action', (outcome) => {
      for (const undone of [undefined, row('success'), row('failure'), tombstone]) {
        expect(decide(compensation, row(outcome), undone)).toEqual({ kind: 'answer', reply: `a ${outcome}` });
      }
    });

    it('of what the saga’s own service did, which undoes no command: runs it', () => {
      expect(decide({ undoes: undefined })).toEqual({ kind: 'run' });
    });
  });
});
