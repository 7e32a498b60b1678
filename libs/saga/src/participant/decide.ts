import type { Command } from '../contract';
import type { InboxRow } from './inbox';

/**
 * What a participant does with a command.
 * `answer`: it was handled before; send the stored reply again.
 * `drop`: its compensation came first; whoever sent it does not wait for it any more.
 * `run`: call the handler.
 * `bury`: put a tombstone under the undone command; if that works, the action never ran, and nothing is to be taken back.
 * `nothing-to-undo`: the action had no effect; succeed without calling the handler.
 * `forgotten`: the inbox does not remember messages as old as the action; what became of it is not known, so nothing is done.
 */
export type Decision =
  | { readonly kind: 'answer'; readonly reply: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'run' }
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'bury'; readonly undoes: string }
  | { readonly kind: 'forgotten'; readonly undoes: string };

/** A pure function of the command, the rows found under its id and under the id it undoes, and how far the inbox goes back. */
export function decide(
  { undoes }: Pick<Command, 'undoes'>,
  own: InboxRow | undefined,
  undone: InboxRow | undefined,
  remembers: (id: string) => boolean,
): Decision {
  if (own) return own.reply === null ? { kind: 'drop' } : { kind: 'answer', reply: own.reply };
  if (undoes === undefined) return { kind: 'run' };
  if (undone === undefined) return { kind: remembers(undoes) ? 'bury' : 'forgotten', undoes };
  return undone.outcome === 'success' ? { kind: 'run' } : { kind: 'nothing-to-undo' };
}
