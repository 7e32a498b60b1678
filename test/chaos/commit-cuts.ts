/*
 * Cuts a service's connection at a COMMIT: right after forwarding it to PostgreSQL, or right before. In both cases the
 * service gets an error and cannot know which it was. Only this file sees PostgreSQL's answer, and so the outcome of the
 * transaction.
 */
import type { ServiceName } from '@palinode/test-support/shop/services';
import type { ForwardingDecision, ConnectionTap } from '@palinode/test-support/network/tcp-proxy';
import { PostgresSession, type Ending, type Transaction } from '@palinode/test-support/network/postgres-session';
import { kindNames, kindOf, type KindName } from './transaction-kinds';

/** The outcomes of a kind's transactions whose COMMIT got no answer. */
export interface Cuts {
  /** Cut after the COMMIT was forwarded, by PostgreSQL's answer. */
  readonly after: Record<Ending, number>;
  /** Cut before the COMMIT: PostgreSQL never received it. */
  before: number;
}

/** One in four is cut before the COMMIT. */
const BEFORE = 0.25;
/**
 * Shares of a kind's commits to cut, before and after it has enough. Further cuts of frequent kinds cause more commits
 * of the rare kinds.
 */
const RATES = { tooFew: 0.4, enough: 0.05 };

export class CommitCuts {
  readonly byKind = Object.fromEntries(
    kindNames.map((name) => [name, { after: { committed: 0, 'rolled-back': 0, unknown: 0 }, before: 0 }]),
  ) as Record<KindName, Cuts>;
  private quota = 0;
  private armed = false;

  constructor(private readonly random: () => number) {}

  /** Cuts commits until {@link disarm}; each kind must reach this number. */
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

  tapOf(service: ServiceName): () => ConnectionTap {
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

  private passage(): ForwardingDecision {
    return this.random() < BEFORE ? 'stop' : 'last';
  }

  private chosen(service: ServiceName, transactions: readonly Transaction[]): KindName | undefined {
    if (!this.armed) return undefined;
    return transactions
      .flatMap((transaction) => kindOf(service, transaction) ?? [])
      .find((kind) => this.random() < (this.endedOf(kind) < this.quota ? RATES.tooFew : RATES.enough));
  }

  private endedOf(name: KindName): number {
    const { after, before } = this.byKind[name];
    return after.committed + after['rolled-back'] + after.unknown + before;
  }
}
