/* Lays out the steps of a saga as bars over time. The branches of a forEach are one row, unless they are unfolded. */
import type { Tone } from './diagram-items';
import { forEachOf, type HistoryEntry, type StepChange } from './history';
import { timeScale, type Tick } from './time-scale';

export const GANTT_ROW_HEIGHT = 30;

export interface GanttBar {
  readonly x: number;
  readonly width: number;
  readonly tone: Tone;
  /** It waits for a time, not for a reply. */
  readonly isWaiting: boolean;
  /** What the step did meanwhile, with its duration in milliseconds. */
  readonly what: string;
  readonly ms: number;
}

export interface GanttRow {
  readonly name: string;
  readonly y: number;
  readonly bars: readonly GanttBar[];
  /** The status of the step; of a forEach, how many branches have which. */
  readonly status: string;
  /** How many branches the row stands for. */
  readonly branches: number;
  /** The forEach of a branch that is shown alone. */
  readonly branchOf: string | undefined;
}

export interface GanttLayout {
  readonly rows: readonly GanttRow[];
  readonly ticks: readonly Tick[];
  readonly width: number;
  readonly height: number;
}

export interface GanttOptions {
  readonly width: number;
  /** Where the bars of steps that have not settled end, in milliseconds since 1970. */
  readonly until: number;
  /** The forEachs whose branches have rows of their own. */
  readonly unfolded?: ReadonlySet<string>;
}

/** A time in which a step did one thing. */
interface Phase {
  readonly from: number;
  readonly to: number;
  readonly change: StepChange;
}

interface Track {
  readonly name: string;
  readonly phases: readonly Phase[];
  readonly last: StepChange;
}

/** Places the steps of a history, in the order in which it names them. */
export function layOutGantt(history: readonly HistoryEntry[], options: GanttOptions): GanttLayout {
  const { width, until, unfolded = new Set() } = options;
  const tracks = tracksOf(history, until);
  const instants = tracks.flatMap(({ phases }) => phases.flatMap(({ from, to }) => [from, to]));
  const { placeOf, ticks } = timeScale([...history.map(({ at }) => Date.parse(at)), ...instants], width);
  const rows = groupsOf(tracks, unfolded).map(({ name, of, branchOf }, n): GanttRow => {
    const phases = of.length > 1 ? merged(of.flatMap((track) => track.phases)) : of.flatMap((track) => track.phases);
    return {
      name,
      y: n * GANTT_ROW_HEIGHT,
      bars: phases.map((phase) => barOf(phase, placeOf)),
      status: statusOf(of),
      branches: of.length,
      branchOf,
    };
  });
  return { rows, ticks, width, height: rows.length * GANTT_ROW_HEIGHT };
}

function tracksOf(history: readonly HistoryEntry[], until: number): readonly Track[] {
  const tracks = new Map<string, { phases: Phase[]; open: { from: number; change: StepChange } }>();
  for (const { at, after } of history) {
    const now = Date.parse(at);
    for (const change of after?.steps ?? []) {
      const track = tracks.get(change.name);
      if (track === undefined) tracks.set(change.name, { phases: [], open: { from: now, change } });
      else {
        close(track, now);
        track.open = { from: now, change };
      }
    }
  }
  for (const track of tracks.values()) close(track, Math.max(until, track.open.from));
  return [...tracks].map(([name, { phases, open }]) => ({ name, phases, last: open.change }));
}

function close({ phases, open }: { phases: Phase[]; open: { from: number; change: StepChange } }, to: number): void {
  if (open.change.waitsFor !== undefined) phases.push({ ...open, to: Math.max(open.from, to) });
}

interface Group {
  readonly name: string;
  readonly of: readonly Track[];
  readonly branchOf: string | undefined;
}

function groupsOf(tracks: readonly Track[], unfolded: ReadonlySet<string>): readonly Group[] {
  const groups = new Map<string, Track[]>();
  for (const track of tracks) {
    const forEach = forEachOf(track.name);
    const name = forEach === undefined || unfolded.has(forEach) ? track.name : forEach;
    const group = groups.get(name);
    if (group) group.push(track);
    else groups.set(name, [track]);
  }
  return [...groups].map(([name, of]) => ({ name, of, branchOf: forEachOf(name) }));
}

/** One bar for those of branches that touch each other and do the same. */
function merged(phases: readonly Phase[]): readonly Phase[] {
  const found: Phase[] = [];
  for (const phase of phases.toSorted((a, b) => a.from - b.from)) {
    const index = found.findLastIndex(({ change }) => change.status === phase.change.status);
    const last = found[index];
    if (last === undefined || phase.from > last.to)
      found.push({ ...phase, change: { ...phase.change, waitsFor: 'reply' } });
    else found[index] = { ...last, to: Math.max(last.to, phase.to) };
  }
  return found;
}

function barOf({ from, to, change }: Phase, placeOf: (at: number) => number): GanttBar {
  const x = placeOf(from);
  return {
    x,
    width: Math.max(3, placeOf(to) - x),
    tone: toneOf(change),
    isWaiting: change.waitsFor !== 'reply',
    what: whatOf(change),
    ms: to - from,
  };
}

function toneOf({ status, waitsFor }: StepChange): Tone {
  if (waitsFor === 'hold') return 'held';
  if (status === 'COMPENSATING') return 'compensating';
  return waitsFor === 'reply' ? 'running' : 'neutral';
}

function whatOf({ status, waitsFor, attempt }: StepChange): string {
  const which = attempt !== undefined && attempt > 1 ? `, attempt ${attempt}` : '';
  if (waitsFor === 'hold') return 'held';
  if (waitsFor === 'signal') return 'waits for its signal';
  if (waitsFor === 'next-attempt') return `backoff after attempt ${attempt ?? ''}`.trimEnd();
  return `${status === 'COMPENSATING' ? 'is compensated' : 'runs'}${which}`;
}

function statusOf(tracks: readonly Track[]): string {
  const [first] = tracks;
  if (tracks.length === 1) return first?.last.status ?? '';
  const counts = new Map<string, number>();
  for (const { last } of tracks) counts.set(last.status, (counts.get(last.status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
}
