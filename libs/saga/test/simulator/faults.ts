import type { Tape } from './tape';

/** What goes wrong in a run. */
export const FAULTS = [
  /** A process dies, with everything that it had not committed. */
  'crash',
  /** A database refuses a commit. */
  'commit-fails',
  /** A database commits, and the connection breaks before it says so. */
  'commit-unknown',
  /** The database of a participant dies with the commits that did not wait for the disk. */
  'database-crash',
  /** Of the messages of a publish only some get out, and the publisher does not know which. */
  'publish-fails',
  /** A message is lost. */
  'drop',
  /** A message is delivered again. */
  'duplicate',
  /** A message overtakes those before it. */
  'reorder',
  /** The broker loses everything that was not consumed. */
  'broker-loses-log',
  /** Another process gets the messages that one still works on. */
  'rebalance',
  /** A service answers in the place of another. */
  'forge',
  /** The business says no. */
  'refuse',
  /** A handler throws. */
  'fail',
  /** Somebody outside gives a signal, whether it is awaited or not. */
  'signal',
  /** Nobody works for a long time. */
  'leap',
  /** The clock is set back. */
  'fall-back',
  'pause',
  'resume',
  'retry',
  'cancel',
  /** An orchestrator is replaced by one that knows other versions. */
  'deploy',
] as const;

/**
 * Somebody sends another command under the id of a saga's own: of another saga while that one is awaited, and in the name of the
 * same saga once it has been answered.
 */
export type Impostor = 'impostor';

/** Nobody works for longer than an inbox remembers, at a moment when no command is on its way. */
export type Outlasting = 'outlast';

/** What operators do who looked into a saga. */
export type Search =
  /** One says, truly, what became of a command. */
  | 'resolve'
  /** One leaves an effect where it is, or says so of a step that is not being taken back. */
  | 'skip';

/** A participant is away, or somebody says so; its commands are held, and are not any more. */
export type Holding = 'hold' | 'unhold' | 'probe';

export type Fault = (typeof FAULTS)[number] | Holding | Impostor | Outlasting | Search;

/** How often each fault comes, as a weight. */
export type Mix = ReadonlyMap<Fault, number>;

/** Draws what goes wrong in this run, and how often: many runs in which a few faults meet find more than one in which all do. */
export function drawMix(tape: Tape): Mix {
  const mood = tape.choose(8);
  const mix = new Map<Fault, number>();
  for (const fault of FAULTS) {
    const weight = WEIGHTS[tape.choose(WEIGHTS.length)] as number;
    mix.set(fault, mood === CALM ? 0 : weight / (DISRUPTIVE.has(fault) ? 4 : 1));
  }
  for (const [fault, weight] of OF_A_MOOD[mood] ?? []) mix.set(fault, weight);
  return mix;
}

const CALM = 0;
/** Holds, outlasted inboxes and impostors come in one of eight moods each, operators who look into a saga in two. They have no draw of their own: older tapes mean what they meant. */
const OF_A_MOOD: Readonly<Record<number, readonly (readonly [Fault, number])[]>> = {
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

/** After these little is as it was; often, they would leave nothing to go wrong otherwise. */
const DISRUPTIVE: ReadonlySet<Fault> = new Set(['broker-loses-log', 'leap', 'fall-back', 'cancel']);

/** Against this weight of nothing going wrong. */
export const CALM_WEIGHT = 960;
