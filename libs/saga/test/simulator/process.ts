import type { DefinitionRegistry } from '../../src/definition';
import type { IncomingMessage } from '../../src/messaging';
import type { Role } from './bus';
import type { Fault } from './faults';
import type { Service } from './shop';

/** The kinds of work of a process; one of each at a time. */
export type Work = 'batch' | 'timers' | 'sweep' | 'definitions' | 'operate' | 'tidy' | 'holds';

/** One process. It loses its memory when it dies. */
export interface Process {
  readonly name: string;
  readonly role: Role;
  readonly jobs: Map<Work, Job>;
  /** Orchestrator only: its definitions. */
  registry: DefinitionRegistry;
  /** Orchestrator only: the held services as of its last read. */
  held: ReadonlySet<Service>;
  /** Orchestrator only: published, and still in the outbox. */
  acknowledged: readonly string[];
}

/** Work that yields after each phase, so that anything may happen in between. */
export interface Job {
  readonly work: Work;
  /** The messages that it took from the bus and has not finished. */
  readonly held: readonly IncomingMessage[];
  readonly phases: Generator<string, void, void>;
  /** The last completed phase. */
  phase: string;
  /** The fault to inject at the next opportunity. */
  pendingFault?: Fault | undefined;
}

/**
 * A resource of the process is unavailable: the job is abandoned, and its messages are delivered again. A constant, because
 * it is thrown very often.
 */
export const UNAVAILABLE = new Error('away');
