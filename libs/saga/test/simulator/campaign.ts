import { run } from './run';
import { tapeOf } from './tape';

/** A range of schedules of a seed. */
export interface Range {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
}

/** The results of several runs. */
export interface Findings {
  readonly schedules: number;
  /** The number of history entries of their sagas. */
  readonly events: number;
  /** How often each pair occurred: a fault and its place, or a state and an event. */
  readonly occurred: ReadonlyMap<string, number>;
  /** The schedules that broke a promise. */
  readonly broken: readonly Broken[];
}

export interface Broken {
  readonly schedule: number;
  readonly promise: string;
}

export function runAll({ seed, from, to }: Range): Findings {
  const occurred = new Map<string, number>();
  const broken: Broken[] = [];
  let events = 0;
  for (let schedule = from; schedule < to; schedule += 1) {
    const { broken: promise, events: more, journal } = run(tapeOf(seed, schedule));
    events += more;
    if (promise !== undefined) broken.push({ schedule, promise });
    addTo(occurred, journal.occurred);
  }
  return { schedules: to - from, events, occurred, broken };
}

export function sum(all: readonly Findings[]): Findings {
  const occurred = new Map<string, number>();
  for (const each of all) addTo(occurred, each.occurred);
  return {
    schedules: all.reduce((total, { schedules }) => total + schedules, 0),
    events: all.reduce((total, { events }) => total + events, 0),
    occurred,
    broken: all.flatMap(({ broken }) => broken),
  };
}

function addTo(total: Map<string, number>, more: ReadonlyMap<string, number>): void {
  for (const [pair, count] of more) total.set(pair, (total.get(pair) ?? 0) + count);
}
