import { tombstoneDigest, type Command, type Rejection, type ReplyOutcome } from '../contract';

/** A row of a participant's inbox. */
export interface InboxRow {
  readonly id: string;
  readonly outcome: ReplyOutcome | 'tombstone';
  /** The reply's envelope as it was first sent. */
  readonly reply: string | null;
  /** What the command asked ({@link commandDigest}), or whose action a tombstone keeps out; null in rows of older releases. */
  readonly digest: Buffer | null;
}

/**
 * What a participant does with a command.
 * `answer`: it was handled before; send the stored reply again.
 * `drop`: its compensation came first; whoever sent it does not wait for it any more.
 * `run`: call the handler.
 * `write-tombstone`: write a tombstone under the undone command; if that works, the action never ran, and nothing is to be taken back.
 * `nothing-to-undo`: the action had no effect; succeed without calling the handler.
 * `forgotten`: the inbox does not remember messages as old as the action; what became of it is not known, so nothing is done.
 * `mistaken`: the inbox has another command under one of its ids. Which of the two the orchestrator sent is not known, nor
 * what the other did in its name, so it is parked, and answered that its outcome is not known.
 */
export type InboxDecision =
  | { readonly kind: 'answer'; readonly reply: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'run' }
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'write-tombstone'; readonly undoes: string }
  | { readonly kind: 'forgotten'; readonly undoes: string }
  | { readonly kind: 'mistaken'; readonly rejection: Rejection };

/** A command with the digest of what it asks. */
export type DigestedCommand = Pick<Command, 'type' | 'id' | 'sagaid' | 'sagastep' | 'undoes'> & {
  readonly digest: Buffer;
};

/** A pure function of the command, the rows found under its id and under the id it undoes, and how far the inbox goes back. */
export function decide(
  command: DigestedCommand,
  own: InboxRow | undefined,
  undone: InboxRow | undefined,
  remembers: (id: string) => boolean,
): InboxDecision {
  const { undoes } = command;
  if (own) return decideOnKnown(command, own);
  if (undoes === undefined) return { kind: 'run' };
  if (undone === undefined) return { kind: remembers(undoes) ? 'write-tombstone' : 'forgotten', undoes };
  if (!isActionOf(command, undone)) {
    const what = `undoes ${undoes}, which is the id of a command of another step or saga`;
    return mistaken(command, 'another-undone', what);
  }
  return undone.outcome === 'success' ? { kind: 'run' } : { kind: 'nothing-to-undo' };
}

function decideOnKnown(command: DigestedCommand, { reply, digest }: InboxRow): InboxDecision {
  // Rows of older releases have no digest; tombstones that of whose action they keep out.
  const same = digest === null || digest.equals(reply === null ? tombstoneDigest(command) : command.digest);
  if (!same) return mistaken(command, 'another-command', 'came under the id of a command that asked something else');
  return reply === null ? { kind: 'drop' } : { kind: 'answer', reply };
}

/** Whose the action was is in its reply; a tombstone says it by its digest. */
function isActionOf({ sagaid, sagastep }: DigestedCommand, { reply, digest }: InboxRow): boolean {
  if (digest === null) return true;
  if (reply === null) return digest.equals(tombstoneDigest({ sagaid, sagastep }));
  const of = JSON.parse(reply) as Partial<Command>;
  return of.sagaid === sagaid && of.sagastep === sagastep && of.sagadirection === 'action';
}

function mistaken({ type, id }: DigestedCommand, reason: string, what: string): InboxDecision {
  return { kind: 'mistaken', rejection: { reason, detail: `${type} ${id} ${what}.` } };
}
