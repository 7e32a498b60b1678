import type { Tape } from './tape';

/** The faults of a run. */
export const FAULTS = [
  /** A process dies and loses everything uncommitted. */
  'crash',
  /** A database rejects a commit. */
  'commit-fails',
  /** A database commits, and the connection breaks before its answer. */
  'commit-unknown',
  /** A participant's database crashes and loses the commits that had not waited for the WAL flush. */
  'database-crash',
  /** Only some messages of a publish are sent, and the publisher does not know which. */
  'publish-fails',
  /** A message is lost. */
  'drop',
  /** A message is delivered again. */
  'duplicate',
  /** A message overtakes those before it. */
  'reorder',
  /** The broker loses everything that was not consumed. */
  'broker-loses-log',
  /** Another process receives messages that one still works on. */
  'rebalance',
  /** A service replies on behalf of another. */
  'forge',
  /** The business refuses. */
  'refuse',
  /** A handler throws. */
  'fail',
  /** A client sends a signal, awaited or not. */
  'signal',
  /** No process runs for a long time. */
  'leap',
  /** The clock is set back. */
  'fall-back',
  'pause',
  'resume',
  'retry',
  'cancel',
  /** An orchestrator is replaced by one with other definition versions. */
  'deploy',
] as const;

/**
 * A foreign command is sent under the id of a saga's command: one of another saga while the command is awaited, and one
 * of the same saga after it was answered.
 */
export type ForgedCommand = 'impostor';

/** No process runs for longer than an inbox remembers, while no command is in flight. */
export type Outlasting = 'outlast';

/** Interventions of operators who have inspected a saga. */
export type Search =
  /** An operator reports the true outcome of a command. */
  | 'resolve'
  /** An operator skips a compensation, or tries to when the step is not being compensated. */
  | 'skip';

/** A participant is unavailable, or an operator holds its commands; they are later released. */
export type Holding = 'hold' | 'unhold' | 'probe';

export type Fault = (typeof FAULTS)[number] | Holding | ForgedCommand | Outlasting | Search;

/** The weight of each fault. */
export type Mix = ReadonlyMap<Fault, number>;

/** Draws the faults of this run and their weights: many runs with a few faults each find more than one with all of them. */
export function drawMix(tape: Tape): Mix {
  const mode = tape.choose(8);
  const mix = new Map<Fault, number>();
  for (const fault of FAULTS) {
    const weight = WEIGHTS[tape.choose(WEIGHTS.length)] as number;
    mix.set(fault, mode === CALM ? 0 : weight / (DISRUPTIVE.has(fault) ? 4 : 1));
  }
  for (const [fault, weight] of FAULTS_OF_MODE[mode] ?? []) mix.set(fault, weight);
  return mix;
}

const CALM = 0;
/**
 * Holds, outlasted inboxes and forged commands occur in one of eight modes each, operators who inspect a saga in two.
 * They need no draw of their own, so that older tapes keep their meaning.
 */
const FAULTS_OF_MODE: Readonly<Record<number, readonly (readonly [Fault, number])[]>> = {
  3: [
    ['crash', 24],
    ['hold', 24],
    ['unhold', 48],
    ['probe', 24],
  ],
  4: [['outlast', 24]],
  5: [['impostor', 48]],
  6: [['resolve', 64]],
  7: [
    ['resolve', 24],
    ['skip', 24],
  ],
};

const WEIGHTS = [0, 0, 0, 8, 24, 64];

/** These faults disrupt everything; if frequent, they would leave no room for others. */
const DISRUPTIVE: ReadonlySet<Fault> = new Set(['broker-loses-log', 'leap', 'fall-back', 'cancel']);

/** The weight of no fault. */
export const CALM_WEIGHT = 960;
