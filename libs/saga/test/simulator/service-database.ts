/*
 * A participant's database as the library's statements use it (participant/inbox.ts). Commits do not wait for the disk; the
 * barrier does, for all that was committed before it. When the database dies, what came after the last barrier is gone.
 */
import type { InboxRow } from '../../src/deduplication/decide';
import type { Books } from './shop';

/** A row of the table in which handlers write down what they did; nothing in it stops a second one. */
export interface Effect {
  readonly sagaId: string;
  readonly step: string;
  readonly direction: string;
  readonly commandId: string;
}

interface Kept {
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
  private current: Kept;
  private durable: Kept;

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

  /** What is kept whatever happens: that is what somebody finds who takes the time to look. */
  findDurable(id: string): InboxRow | undefined {
    return this.durable.inbox.get(id);
  }

  /** One transaction; false, and nothing changes, when one of its rows is there already. */
  commit({ rows, books = this.books, effect }: Change): boolean {
    if (rows.some(({ id }) => this.current.inbox.has(id))) return false;
    const inbox = new Map(this.current.inbox);
    for (const row of rows) inbox.set(row.id, row);
    const effects = effect ? [...this.effects, effect] : this.effects;
    this.current = { inbox, books, effects };
    return true;
  }

  barrier(): void {
    this.durable = this.current;
  }

  crash(): void {
    this.current = this.durable;
  }
}
