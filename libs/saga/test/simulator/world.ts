import type { Command, Refusal } from '../../src/contract';
import type { Journal } from './journal';
import type { OrchestratorDatabase } from './orchestrator-database';
import type { ServiceDatabase } from './service-database';
import type { Service } from './shop';
import type { Starts } from './starts';

/** What the jobs of the simulated processes use of the simulation that they are part of. */
export interface World {
  readonly now: number;
  readonly journal: Journal;
  readonly starts: Starts;
  readonly orchestrator: OrchestratorDatabase;
  readonly services: Readonly<Record<Service, ServiceDatabase>>;
  /** The held services, as the orchestrators' database stores them. */
  readonly held: ReadonlySet<Service>;
  readonly everHeld: boolean;
  /** Whether the inboxes still remember this id. */
  remembers(id: string): boolean;
  /** Runs one transaction; throws when the database is unavailable, whether it has committed or not. */
  commit<T>(change: () => T): T;
  /** Continues once the broker has acknowledged all of them. */
  publish(messages: readonly { readonly topic: string; readonly key: string; readonly payload: string }[]): void;
  /** Draws the outcome of a handler. */
  drawOutcome(command: Command, refusals: readonly string[]): 'succeed' | 'fail' | Refusal;
  /** Checks a service's state after each commit. */
  checkBooks(service: Service): void;
  line(what: string): string;
}
