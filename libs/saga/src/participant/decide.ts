import type { Command } from '../contract';
import type { InboxRow } from './inbox';

/**
 * What a participant does with a command.
 * `answer`: it was handled before; send the stored reply again.
 * `drop`: its compensation came first; whoever sent it does not wait for it any more.
 * `run`: call the handler.
 * `bury`: put a tombstone under the undone command; if that works, the action never ran, and nothing is to be taken back.
 * `nothing-to-undo`: the action had no effect; succeed without calling the handler.
 */
export type Decision =
  | { readonly kind: 'answer'; readonly reply: string }
  | { readonly kind: 'drop' }
  | { readonly kind: 'run' }
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'bury'; readonly undoes: string };

/** A pure function of the command and the rows found under its id and under the id it undoes. */
export function decide({ undoes }: Pick<Command, 'undoes'>, own?: InboxRow, undone?: InboxRow): Decision {
  if (own) return own.reply === null ? { kind: 'drop' } : { kind: 'answer', reply: own.reply };
  if (undoes === undefined) return { kind: 'run' };
  if (undone === undefined) return { kind: 'bury', undoes };
  return undone.outcome === 'success' ? { kind: 'run' } : { kind: 'nothing-to-undo' };
}
