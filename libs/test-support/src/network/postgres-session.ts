/*
 * Follows one connection to PostgreSQL, and recognizes each COMMIT and its outcome. A COMMIT is a statement of that
 * name, as a simple or an extended query, alone or in one write with others; or the end of any statement outside a
 * transaction.
 */
import { PostgresMessages, readBind, textAt, type PostgresMessage } from './postgres-messages';

export interface Statement {
  readonly text: string;
  readonly values: readonly (Buffer | undefined)[];
}

export interface Transaction {
  readonly statements: readonly Statement[];
  /** False for a statement outside a transaction block. */
  readonly explicit: boolean;
}

/** `unknown`: the server ended before it answered. */
export type Ending = 'committed' | 'rolled-back' | 'unknown';

interface PendingRequest {
  /** The transaction that ends here; undefined when none does. */
  readonly commits: Transaction | undefined;
}

export class PostgresSession {
  private readonly fromClient = new PostgresMessages('client');
  private readonly fromServer = new PostgresMessages('server');
  private readonly prepared = new Map<string, string>();
  /** The requests that wait for "ready for query"; the first one is the start of the connection. */
  private readonly pending: PendingRequest[] = [{ commits: undefined }];
  private statements: Statement[] = [];
  private explicit = false;
  private committing = false;
  private tag = '';
  private failed = false;

  constructor(private readonly onEnding: (transaction: Transaction, ending: Ending) => void) {}

  /** The transactions whose COMMIT is in these bytes. */
  sent(bytes: Buffer): Transaction[] {
    return this.fromClient.take(bytes).flatMap((message) => this.ask(message) ?? []);
  }

  received(bytes: Buffer): void {
    for (const { type, body } of this.fromServer.take(bytes)) {
      if (type === 'C') this.tag = textAt(body, 0).text;
      if (type === 'E') this.failed = true;
      if (type === 'Z') this.answered();
    }
  }

  ended(): void {
    for (const { commits } of this.pending.splice(0)) if (commits) this.onEnding(commits, 'unknown');
  }

  private ask({ type, body }: PostgresMessage): Transaction | undefined {
    if (type === 'P') this.prepare(body);
    if (type === 'B') this.execute(this.bound(body));
    if (type === 'Q') this.execute({ text: textAt(body, 0).text, values: [] });
    if (type !== 'Q' && type !== 'S') return undefined;
    const commits = this.committing || (!this.explicit && this.statements.length > 0) ? this.close() : undefined;
    this.pending.push({ commits });
    return commits;
  }

  private prepare(body: Buffer): void {
    const { text: name, next } = textAt(body, 0);
    this.prepared.set(name, textAt(body, next).text);
  }

  private bound(body: Buffer): Statement {
    const { statement, values } = readBind(body);
    return { text: this.prepared.get(statement) ?? '', values };
  }

  private execute(statement: Statement): void {
    const [verb = ''] = /^\s*\w+/.exec(statement.text.toUpperCase()) ?? [];
    switch (verb.trim()) {
      case 'BEGIN':
      case 'START':
        this.close();
        this.explicit = true;
        return;
      case 'ROLLBACK':
        return void this.close();
      case 'COMMIT':
        this.committing = true;
        return;
      default:
        this.statements.push(statement);
    }
  }

  private close(): Transaction {
    const closed = { statements: this.statements, explicit: this.explicit };
    this.statements = [];
    this.explicit = false;
    this.committing = false;
    return closed;
  }

  private answered(): void {
    const commits = this.pending.shift()?.commits;
    const committed = !this.failed && (!commits?.explicit || this.tag === 'COMMIT');
    if (commits) this.onEnding(commits, committed ? 'committed' : 'rolled-back');
    this.tag = '';
    this.failed = false;
  }
}
