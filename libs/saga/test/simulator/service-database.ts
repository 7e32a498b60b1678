/*
 * A participant's database as the library's statements use it (participant/inbox.ts). Commits do not wait for the WAL
 * flush; `waitForWalFlush` does, for all earlier commits. When the database crashes, later commits are lost.
 */
import type { InboxRow } from '../../src/deduplication/decide';
import type { Books } from './shop';

/** A row of the table in which handlers record their effects; no constraint prevents a second one. */
export interface Effect {
  readonly sagaId: string;
  readonly step: string;
  readonly direction: string;
  readonly commandId: string;
}

interface Contents {
  readonly inbox: ReadonlyMap<string, InboxRow>;
  readonly books: Books;
  readonly effects: readonly Effect[];
}

export interface Change {
  readonly rows: readonly InboxRow[];
  readonly books?: Books | undefined;
  readonly effect?: Effect | undefined;
}

export class ServiceDatabase {
  private current: Contents;
  private durable: Contents;

  constructor(books: Books) {
    this.current = { inbox: new Map(), books, effects: [] };
    this.durable = this.current;
  }

  get books(): Books {
    return this.current.books;
  }

  get effects(): readonly Effect[] {
    return this.current.effects;
  }

  find(id: string | undefined): InboxRow | undefined {
    return id === undefined ? undefined : this.current.inbox.get(id);
  }

  /** Reads what survives a crash, as an operator who checks the outcome. */
  findDurable(id: string): InboxRow | undefined {
    return this.durable.inbox.get(id);
  }

  /** Commits a transaction; returns false and changes nothing when one of its rows exists. */
  commit({ rows, books = this.books, effect }: Change): boolean {
    if (rows.some(({ id }) => this.current.inbox.has(id))) return false;
    const inbox = new Map(this.current.inbox);
    for (const row of rows) inbox.set(row.id, row);
    const effects = effect ? [...this.effects, effect] : this.effects;
    this.current = { inbox, books, effects };
    return true;
  }

  waitForWalFlush(): void {
    this.durable = this.current;
  }

  crash(): void {
    this.current = this.durable;
  }
}
