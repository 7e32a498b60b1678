/*
 * Cuts the connection of a service at the moment of a COMMIT: right after it was passed on to PostgreSQL, or right before. In
 * both cases the service gets an error and cannot know which it was. PostgreSQL's own answer, which only this file hears,
 * tells what became of the transaction.
 */
import type { ServiceName } from '@palinode/test-support/shop/services';
import type { Passage, Tap } from '@palinode/test-support/network/line';
import { PostgresSession, type Ending, type Transaction } from '@palinode/test-support/network/postgres-session';
import { kindNames, kindOf, type KindName } from './transaction-kinds';

/** How the transactions of a kind ended whose COMMIT got no answer. */
export interface Cuts {
  /** Cut after COMMIT was passed on, by what PostgreSQL answered. */
  readonly after: Record<Ending, number>;
  /** Cut instead of passing it on: PostgreSQL never saw it. */
  before: number;
}

/** One in four is cut before the COMMIT. */
const BEFORE = 0.25;
/** How many of a kind are cut while there are too few of it, and then: some more, since what they leave undone makes work for the rare kinds. */
const RATES = { tooFew: 0.4, enough: 0.05 };

export class CommitCuts {
  readonly byKind = Object.fromEntries(
    kindNames.map((name) => [name, { after: { committed: 0, 'rolled-back': 0, unknown: 0 }, before: 0 }]),
  ) as Record<KindName, Cuts>;
  private quota = 0;
  private armed = false;

  constructor(private readonly dice: () => number) {}

  /** From now on, until {@link disarm}; at least so many of each kind are wanted. */
  arm(eachKind: number): void {
    this.quota = eachKind;
    this.armed = true;
  }

  disarm(): void {
    this.armed = false;
  }

  /** The kinds that have not been cut often enough, with how often. */
  get missing(): Partial<Record<KindName, number>> {
    const short = kindNames.filter((name) => this.endedOf(name) < this.quota);
    return Object.fromEntries(short.map((name) => [name, this.endedOf(name)]));
  }

  get total(): number {
    return kindNames.reduce((sum, name) => sum + this.endedOf(name), 0);
  }

  tapOf(service: ServiceName): () => Tap {
    return () => {
      let cut: KindName | undefined;
      let goesOn = true;
      const session = new PostgresSession((transaction, ending) => {
        if (cut === undefined || kindOf(service, transaction) !== cut) return;
        this.byKind[cut].after[ending] += 1;
        goesOn = false;
      });
      return {
        sent: (bytes) => {
          const kind = this.chosen(service, session.sent(bytes));
          if (kind === undefined) return 'pass';
          const passage = this.passage();
          if (passage === 'stop') this.byKind[kind].before += 1;
          else cut = kind;
          return passage;
        },
        received: (bytes) => (session.received(bytes), goesOn),
        ended: () => session.ended(),
      };
    };
  }

  private passage(): Passage {
    return this.dice() < BEFORE ? 'stop' : 'last';
  }

  private chosen(service: ServiceName, transactions: readonly Transaction[]): KindName | undefined {
    if (!this.armed) return undefined;
    return transactions
      .flatMap((transaction) => kindOf(service, transaction) ?? [])
      .find((kind) => this.dice() < (this.endedOf(kind) < this.quota ? RATES.tooFew : RATES.enough));
  }

  private endedOf(name: KindName): number {
    const { after, before } = this.byKind[name];
    return after.committed + after['rolled-back'] + after.unknown + before;
  }
}
