import type { DefinitionRegistry } from '../../src/definition';
import type { IncomingMessage } from '../../src/messaging';
import type { Role } from './bus';
import type { Fault } from './faults';
import type { Service } from './shop';

/** What a process can be at; of each, one at a time. */
export type Work = 'flush' | 'timers' | 'sweep' | 'definitions' | 'operate' | 'tidy' | 'holds';

/** One process. What it knows it forgets when it dies. */
export interface Process {
  readonly name: string;
  readonly role: Role;
  readonly jobs: Map<Work, Job>;
  /** Of an orchestrator: the definitions it was built with. */
  registry: DefinitionRegistry;
  /** Of an orchestrator: the services whose commands are held, as it read it last. */
  held: ReadonlySet<Service>;
  /** Of an orchestrator: published, and still in the outbox. */
  acknowledged: readonly string[];
}

/** Work that stops after each of its phases, so that anything may happen between two. */
export interface Job {
  readonly work: Work;
  /** What it took from the bus and is not done with. */
  readonly held: readonly IncomingMessage[];
  readonly phases: Generator<string, void, void>;
  /** The last phase that it came through. */
  phase: string;
  /** What goes wrong at the next opportunity. */
  ailment?: Fault | undefined;
}

/** Something that the process needs is away: the job is given up, and what it held comes again. Thrown too often to be made anew. */
export const AWAY = new Error('away');
