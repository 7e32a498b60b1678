import { tombstoneDigest } from '../contract';
import { decide as decideBy, type DigestedCommand, type InboxDecision, type InboxRow } from './decide';

const digest = Buffer.from('of what is asked');
const action: DigestedCommand = {
  id: 'the action',
  type: 'stock.reserve.v1',
  sagaid: 'a saga',
  sagastep: 'stock',
  digest,
};
const compensation: DigestedCommand = {
  ...action,
  id: 'the compensation',
  type: 'stock.release.v1',
  undoes: 'the action',
};
const answers = ['success', 'refusal', 'failure'] as const;

/** As by an inbox that remembers all messages, unless told otherwise. */
function decide(asked: DigestedCommand, own?: InboxRow, undone?: InboxRow, remembers = true): InboxDecision {
  return decideBy(asked, own, undone, () => remembers);
}

const replyTo = ({ sagaid, sagastep }: DigestedCommand, sagadirection = 'action'): string =>
  JSON.stringify({ sagaid, sagastep, sagadirection });
const row = (outcome: InboxRow['outcome'], of = action, sagadirection = 'action'): InboxRow => ({
  id: of.id,
  outcome,
  reply: replyTo(of, sagadirection),
  digest: of.digest,
});
const tombstone: InboxRow = { id: 'the action', outcome: 'tombstone', reply: null, digest: tombstoneDigest(action) };
const ofOlderRelease = (kept: InboxRow): InboxRow => ({ ...kept, digest: null });

describe('the inbox decision of a participant', () => {
  describe('an action', () => {
    it('runs when it is new', () => {
      expect(decide(action)).toEqual({ kind: 'run' });
    });

    it.each(answers)('is answered from the inbox when it was handled with %s', (outcome) => {
      expect(decide(action, row(outcome))).toEqual({ kind: 'answer', reply: replyTo(action) });
    });

    it('is dropped when it comes after its compensation', () => {
      expect(decide(action, tombstone)).toEqual({ kind: 'drop' });
    });

    it.each(answers)('is never answered from the inbox when another command under its id ended in %s', (outcome) => {
      const other = row(outcome, { ...action, digest: Buffer.from('of something else') });
      expect(decide(action, other)).toMatchObject({ kind: 'mistaken', rejection: { reason: 'another-command' } });
    });

    it.each([
      ['saga', { sagaid: 'another saga' }],
      ['step', { sagastep: 'another step' }],
    ])('is not dropped for the tombstone of another %s', (_what, other) => {
      const foreign = { ...tombstone, digest: tombstoneDigest({ ...action, ...other }) };
      expect(decide(action, foreign)).toMatchObject({ kind: 'mistaken', rejection: { reason: 'another-command' } });
    });

    it('is answered and dropped as before by rows of a release without digests', () => {
      expect(decide(action, ofOlderRelease(row('success')))).toEqual({ kind: 'answer', reply: replyTo(action) });
      expect(decide(action, ofOlderRelease(tombstone))).toEqual({ kind: 'drop' });
    });
  });

  describe('a compensation', () => {
    it('writes a tombstone when its action is unknown', () => {
      expect(decide(compensation)).toEqual({ kind: 'write-tombstone', undoes: 'the action' });
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
          const own = row(outcome, compensation, 'compensation');
          expect(decide(compensation, own, undone)).toEqual({
            kind: 'answer',
            reply: replyTo(compensation, 'compensation'),
          });
        }
      },
    );

    it('runs when it undoes no command, as in the service that started the saga', () => {
      expect(decide({ ...compensation, undoes: undefined })).toEqual({ kind: 'run' });
    });

    it.each(['success', 'refusal', 'failure'] as const)(
      'neither runs nor succeeds when the id that it undoes is that of a command of another saga or step that ended in %s',
      (outcome) => {
        for (const other of [{ sagaid: 'another saga' }, { sagastep: 'another step' }]) {
          const undone = row(outcome, { ...action, ...other });
          const decision = decide(compensation, undefined, undone);
          expect(decision).toMatchObject({ kind: 'mistaken', rejection: { reason: 'another-undone' } });
        }
      },
    );

    it('neither runs nor succeeds when the id that it undoes is that of a compensation', () => {
      const undone = row('success', action, 'compensation');
      expect(decide(compensation, undefined, undone)).toMatchObject({ kind: 'mistaken' });
    });

    it('does not succeed for the tombstone of another saga', () => {
      const foreign = { ...tombstone, digest: tombstoneDigest({ ...action, sagaid: 'another saga' }) };
      expect(decide(compensation, undefined, foreign)).toMatchObject({ kind: 'mistaken' });
    });

    it('runs for an action that a release without digests has kept', () => {
      const kept = { ...ofOlderRelease(row('success')), reply: 'anything' };
      expect(decide(compensation, undefined, kept)).toEqual({ kind: 'run' });
    });
  });
});
