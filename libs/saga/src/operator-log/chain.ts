/*
 * The chain of the operator log: each entry has the digest of its own content and of the entry before it. To change,
 * remove or insert an entry breaks the chain from there on. Entries that are cut off at the end are noticed by a reader who has
 * noted a later position and hash.
 */
import { createHash } from 'node:crypto';

/** An entry as it is digested. Absent ids are empty. */
export interface ChainedEntry {
  readonly position: string;
  /** Digests in hexadecimal digits. */
  readonly previous: string;
  readonly hash: string;
  readonly id: string;
  /** In microseconds since 1970. */
  readonly at: string;
  readonly operator: string;
  readonly action: string;
  readonly target: string;
  readonly targetId: string;
  readonly sagaId: string;
  readonly seq: string;
  readonly bulkActionId: string;
  /** What was asked, and what became of it, as JSON. */
  readonly event: string;
}

/** An entry of the chain, to compare with what it was. */
export interface ChainLink {
  readonly position: number;
  readonly hash: string;
}

export interface BrokenLink {
  readonly position: number;
  readonly problem: string;
}

export const START: ChainLink = { position: 0, hash: '' };

/** The first entry that does not follow from the one before; otherwise the last link. */
export function follow(last: ChainLink, entries: readonly ChainedEntry[]): ChainLink | BrokenLink {
  let link = last;
  for (const entry of entries) {
    const position = Number(entry.position);
    if (position !== link.position + 1) {
      const missing = link.position + 1;
      return { position: missing, problem: `The entry ${missing} is missing; ${position} comes next.` };
    }
    if (entry.previous !== link.hash)
      return { position, problem: 'It does not follow from the entry before it, which was changed or replaced.' };
    if (entry.hash !== digestOf(entry)) return { position, problem: 'Its content was changed.' };
    link = { position, hash: entry.hash };
  }
  return link;
}

export function isBroken(link: ChainLink | BrokenLink): link is BrokenLink {
  return 'problem' in link;
}

function digestOf(entry: ChainedEntry): string {
  const { position, previous, id, at, operator, action, target, targetId, sagaId, seq, bulkActionId, event } = entry;
  const parts = [position, previous, id, at, operator, action, target, targetId, sagaId, seq, bulkActionId, event];
  return createHash('sha256').update(parts.join('\n')).digest('hex');
}
