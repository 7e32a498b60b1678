/*
 * Lays out the sequence diagram of a saga. Pure, and append-only: the layout of the beginning of a history is the beginning
 * of the layout, except for the last row, which may be a folded run that grows.
 *
 * 1. Every command that was sent is in exactly one arrow, and every entry of the history in exactly one row.
 * 2. Each item has a line of its own below all earlier ones, so nothing overlaps and no arrow goes back in time.
 * 3. Nothing depends on a later entry.
 */
import { durationText } from '../parts/duration-text';
import { cut, widthOf } from './cut';
import { DiagramItems, hasGroups, type DiagramItem } from './diagram-items';
import type { HistoryEntry, SagaHistory } from './history';
import type { Lifeline } from './lifelines';
import { runsOf, type FoldedBecause, type Run } from './runs';

export const LINE_HEIGHT = 34;
export const LABEL_HEIGHT = 18;
/** The column of times. */
export const TIME_WIDTH = 92;
const ROW_PADDING = 6;
const SPACING = 190;
const NOTE_WIDTH = 340;
const LABEL_PADDING = 8;

const GAP_LABEL_FROM_MS = 1_000;
const BREAK_FROM_MS = 60_000;
const GAP_HEIGHT = { labelled: 24, most: 64 } as const;

export interface LayoutOptions {
  /** The rows, by the number of their first entry, of which every entry and command is shown. */
  readonly unfolded?: ReadonlySet<number> | 'all' | undefined;
  /** Between two lifelines. */
  readonly spacing?: number | undefined;
}

export interface PlacedLifeline extends Lifeline {
  readonly x: number;
}

/** Time that passed before a row. */
export interface Gap {
  readonly ms: number;
  readonly y: number;
  readonly height: number;
  /** A long time, which is drawn shorter than it was. */
  readonly isBreak: boolean;
  readonly label: string | undefined;
}

/** The place of an item: its line, and the box of its label. */
interface Place {
  readonly y: number;
  readonly text: string;
  readonly box: Box;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type PlacedItem = DiagramItem & Place;

/** One entry of the history, or a run of them. */
export interface Row {
  readonly seq: number;
  readonly last: number;
  readonly at: string;
  readonly y: number;
  readonly height: number;
  readonly gap: Gap | undefined;
  readonly items: readonly PlacedItem[];
  /** Set when it stands for several entries or commands, which can be shown. */
  readonly folded: FoldedBecause | undefined;
  /** The run of a row that was unfolded: its first entry. */
  readonly unfoldedFrom: number | undefined;
}

export interface Layout {
  readonly lifelines: readonly PlacedLifeline[];
  readonly rows: readonly Row[];
  readonly width: number;
  readonly height: number;
}

/** Places the lifelines and rows of a saga. */
export function layOut(saga: SagaHistory, { unfolded = new Set(), spacing = SPACING }: LayoutOptions = {}): Layout {
  const items = new DiagramItems(saga);
  const x = (lifeline: number): number => TIME_WIDTH + Math.round(spacing * (lifeline + 0.5));
  const rows: Row[] = [];
  let [y, before] = [0, saga.history[0]?.at];
  const add = (row: Omit<RowContent, 'before'>): void => {
    const placed = placeRow({ ...row, before }, y, x);
    rows.push(placed);
    y += placed.height;
    before = row.lastAt;
  };
  for (const run of runsOf(saga.history)) for (const row of rowsOf(run, items, unfolded)) add(row);
  const lifelines = items.lifelines.all.map((lifeline, n) => ({ ...lifeline, x: x(n) }));
  const width = x(lifelines.length - 1) + Math.max(spacing, NOTE_WIDTH) / 2 + LABEL_PADDING;
  return { lifelines, rows, width, height: y };
}

interface RowContent {
  readonly entry: HistoryEntry;
  readonly last: number;
  readonly lastAt: string;
  readonly before: string | undefined;
  readonly waitedFor: string | undefined;
  readonly items: readonly DiagramItem[];
  readonly folded: FoldedBecause | undefined;
  readonly unfoldedFrom: number | undefined;
}

function* rowsOf(
  run: Run,
  items: DiagramItems,
  unfolded: ReadonlySet<number> | 'all',
): Generator<Omit<RowContent, 'before'>> {
  const [first] = run.entries;
  const isUnfolded = unfolded === 'all' || unfolded.has(first.seq);
  if (run.entries.length > 1 && !isUnfolded) {
    const { seq, at } = run.entries.at(-1) ?? first;
    const waitedFor = items.waitBefore(first);
    const folded = items.ofFolded(run);
    yield {
      entry: first,
      last: seq,
      lastAt: at,
      waitedFor,
      items: folded,
      folded: run.because,
      unfoldedFrom: undefined,
    };
    return;
  }
  for (const entry of run.entries) {
    const hasMany = hasGroups(entry.sent);
    yield {
      entry,
      last: entry.seq,
      lastAt: entry.at,
      waitedFor: items.waitBefore(entry),
      items: items.ofEntry(entry, isUnfolded),
      folded: hasMany && !isUnfolded ? 'branches' : undefined,
      // Also of a run of one, to which the next entry may belong.
      unfoldedFrom: isUnfolded && (hasMany || run.because !== undefined) ? first.seq : undefined,
    };
  }
}

function placeRow(row: RowContent, y: number, x: (lifeline: number) => number): Row {
  const { entry, last, before, waitedFor, items, folded, unfoldedFrom } = row;
  const gap = gapOf(Date.parse(entry.at) - Date.parse(before ?? entry.at), y, waitedFor);
  const top = y + (gap?.height ?? 0) + ROW_PADDING;
  const placed = items.map((item, n) => ({ ...item, ...placeOf(item, top + LINE_HEIGHT * (n + 1) - ROW_PADDING, x) }));
  const height = top - y + LINE_HEIGHT * items.length + ROW_PADDING;
  return { seq: entry.seq, last, at: entry.at, y, height, gap, items: placed, folded, unfoldedFrom };
}

/** A gap is as high as the logarithm of its time. */
function gapOf(ms: number, y: number, waitedFor: string | undefined): Gap | undefined {
  if (!(ms > 0)) return undefined;
  const isLabelled = ms >= GAP_LABEL_FROM_MS || waitedFor !== undefined;
  const least = isLabelled ? GAP_HEIGHT.labelled : 0;
  const height = Math.min(GAP_HEIGHT.most, Math.max(least, Math.round(6 * Math.log2(1 + ms / 50))));
  const label = isLabelled ? durationText(ms) : undefined;
  return height === 0 ? undefined : { ms, y, height, isBreak: ms >= BREAK_FROM_MS, label };
}

function placeOf(item: DiagramItem, y: number, x: (lifeline: number) => number): Place {
  const [middle, room] =
    item.kind === 'note'
      ? [x(item.at), NOTE_WIDTH]
      : [(x(item.from) + x(item.to)) / 2, Math.abs(x(item.from) - x(item.to)) - 2 * LABEL_PADDING];
  const label = item.symbol === '' ? item.label : `${item.symbol} ${item.label}`;
  const text = cut(label, room - 2 * LABEL_PADDING);
  const width = Math.min(room, Math.ceil(widthOf(text)) + 2 * LABEL_PADDING);
  const top = item.kind === 'note' ? y - LABEL_HEIGHT / 2 - LABEL_PADDING : y - LABEL_HEIGHT - 4;
  return { y, text, box: { x: middle - width / 2, y: top, width, height: LABEL_HEIGHT } };
}

/** The rows that are at least partly between two heights: the few that a screen shows. */
export function rowsBetween(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const first = firstIndex(rows, ({ y, height }) => y + height >= from);
  const after = firstIndex(rows, ({ y }) => y > to);
  return rows.slice(first, after);
}

/** The index of the first row for which it is true, as it is of all later ones. */
function firstIndex(rows: readonly Row[], isTrue: (row: Row) => boolean): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = rows[middle];
    if (row !== undefined && isTrue(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}
