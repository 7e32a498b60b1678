import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { Arrow } from '../src/diagram/diagram-items';
import { serviceOf, type SentCommand } from '../src/diagram/history';
import {
  layOut,
  rowsBetween,
  type Box,
  type Layout,
  type LayoutOptions,
  type PlacedItem,
} from '../src/diagram/lay-out';
import { anySaga } from './any-saga';
import { beginningOf } from './saga-of';

const OPTIONS: readonly LayoutOptions[] = [
  {},
  { unfolded: 'all' },
  { unfolded: new Set([1, 2, 3, 5, 8]), spacing: 130 },
];

const itemsOf = ({ rows }: Layout): PlacedItem[] => rows.flatMap(({ items }) => items);
const isArrow = (item: PlacedItem): item is Extract<PlacedItem, Arrow> => item.kind !== 'note';
const commandsOf = (layout: Layout): string[] =>
  itemsOf(layout).flatMap((item) => (item.kind === 'command' ? [...item.commandIds] : []));

/** Checks a property of the layouts of all sagas. */
function always(check: (layout: Layout, saga: Parameters<typeof layOut>[0], options: LayoutOptions) => void): void {
  fc.assert(
    fc.property(anySaga, fc.constantFrom(...OPTIONS), (saga, options) => check(layOut(saga, options), saga, options)),
    { numRuns: 30 },
  );
}

describe('the layout of any history', () => {
  it('has exactly one arrow for every command that was sent, in order (1)', () => {
    always((layout, { history }) => {
      const sent = history.flatMap((entry) => entry.sent.map(({ commandId }) => commandId));
      expect(commandsOf(layout).toSorted()).toEqual(sent.toSorted());
    });
  });

  it('has every entry in exactly one row, which has something to show (1)', () => {
    always(({ rows }, { history }) => {
      const firsts = rows.map(({ seq }) => seq);
      expect([...firsts, history.length + 1]).toEqual([1, ...rows.map(({ last }) => last + 1)]);
      expect(rows.filter(({ items }) => items.length === 0)).toEqual([]);
    });
  });

  it('never goes back in time (2)', () => {
    always((layout) => {
      const heights = itemsOf(layout).map(({ y }) => y);
      expect(heights.every((y, n) => n === 0 || y > (heights[n - 1] ?? y))).toBe(true);
      expect(layout.rows.every((row, n) => n === 0 || row.y === bottomOf(layout.rows[n - 1] ?? row))).toBe(true);
    });
  });

  it('has no labels that overlap each other or leave the diagram (2)', () => {
    always((layout) => {
      const boxes = itemsOf(layout).map(({ box }) => box);
      // Boxes are in order of their heights, so that only the next one can be met.
      expect(boxes.filter((box, n) => n > 0 && meet(box, boxes[n - 1] ?? box))).toEqual([]);
      const isOutside = (box: Box): boolean =>
        box.x < 0 || box.y < 0 || box.x + box.width > layout.width || bottomOf(box) > layout.height;
      expect(boxes.filter(isOutside)).toEqual([]);
      const hidden = layout.rows.filter(({ gap, items }) => gap && items[0] && bottomOf(gap) > items[0].box.y);
      expect(hidden).toEqual([]);
    });
  });

  it('draws arrows and notes at lifelines that exist, each lifeline once', () => {
    always((layout) => {
      const { lifelines } = layout;
      for (const item of itemsOf(layout))
        for (const lifeline of isArrow(item) ? [item.from, item.to] : [item.at])
          expect(lifelines[lifeline]).toBeDefined();
      expect(new Set(lifelines.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(lifelines.length);
      expect(new Set(lifelines.map(({ x }) => x)).size).toBe(lifelines.length);
    });
  });

  it('draws a reply from the service that got its command, below the arrow of that command', () => {
    let met = 0;
    always((layout, { history }) => {
      const items = new Map(itemsOf(layout).map((item) => [item.id, item]));
      const firstSent = new Map<string, number>();
      for (const { seq, sent } of history)
        for (const { commandId } of sent) if (!firstSent.has(commandId)) firstSent.set(commandId, seq);
      for (const reply of items.values()) {
        if (reply.kind !== 'reply') continue;
        const [id = ''] = reply.commandIds;
        const wasSent = (firstSent.get(id) ?? Infinity) < reply.seq;
        if (reply.answers.length > 0 !== wasSent) throw new Error(`${reply.id} does not answer what was sent`);
        const isForeign = layout.lifelines[reply.from]?.name === 'stranger';
        for (const answered of reply.answers) {
          met += 1;
          const command = items.get(answered);
          if (command?.kind !== 'command') throw new Error(`${answered} is no command`);
          const isIts = command.commandIds.some((each) => reply.commandIds.includes(each));
          expect([isIts, command.y < reply.y, isForeign || command.to === reply.from]).toEqual([true, true, true]);
        }
      }
    });
    expect(met).toBeGreaterThan(0);
  });

  it('only grows at its end while the history grows (3)', () => {
    fc.assert(
      fc.property(anySaga, fc.nat(), fc.constantFrom(...OPTIONS), (saga, length, options) => {
        const beginning = layOut(beginningOf(saga, 1 + (length % saga.history.length)), options);
        const whole = layOut(saga, options);
        const settled = beginning.rows.slice(0, -1);
        expect(isDeepStrictEqual(whole.rows.slice(0, settled.length), settled)).toBe(true);
        expect(whole.rows[settled.length]?.y).toBe(beginning.rows.at(-1)?.y);
        expect(whole.lifelines.slice(0, beginning.lifelines.length)).toEqual(beginning.lifelines);
        if (options.unfolded === 'all') expect(whole.rows.slice(0, beginning.rows.length)).toEqual(beginning.rows);
      }),
      { numRuns: 30 },
    );
  });

  it('has the same lifelines whichever rows are unfolded', () => {
    fc.assert(
      fc.property(anySaga, (saga) => {
        const [folded, ...unfolded] = OPTIONS.map((options) => layOut(saga, options).lifelines.map(({ name }) => name));
        for (const names of unfolded) expect(names).toEqual(folded);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same for the same history', () => {
    always((layout, saga, options) =>
      expect(isDeepStrictEqual(layOut(structuredClone(saga), options), layout)).toBe(true),
    );
  });

  it('has a size that is linear in the entries and commands', () => {
    always((layout, { history }) => {
      const sent = history.reduce((sum, entry) => sum + entry.sent.length, 0);
      expect(itemsOf(layout).length).toBeLessThanOrEqual(6 * history.length + sent);
      expect(layout.lifelines.length).toBeLessThanOrEqual(2 + history.length + sent);
    });
  });

  it('finds the rows of a screen', () => {
    fc.assert(
      fc.property(anySaga, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(900), (saga, where, screen) => {
        const { rows, height } = layOut(saga);
        const [from, to] = [where * height, where * height + screen];
        const shown = rows.filter(({ y, height: own }) => y + own >= from && y <= to);
        expect(rowsBetween(rows, from, to)).toEqual(shown);
      }),
      { numRuns: 30 },
    );
  });

  it('has a lifeline for every service that got a command', () => {
    always(({ lifelines }, { history }) => {
      const names = new Set(lifelines.map(({ name }) => name));
      const sent = history.flatMap((entry) => entry.sent.map(({ command }) => command));
      const missing = sent.filter((command) => !names.has(serviceOf(command)) && !command.startsWith('orchestrator.'));
      expect(missing).toEqual([]);
    });
  });
});

it('keeps the lifeline of an ignored reply when the next ignored entry joins it', () => {
  const at = '2026-01-01T00:00:00Z';
  const reply = { kind: 'replied', commandId: 'c-1', step: 'stock', direction: 'action', from: 'stranger' };
  const history = [
    { seq: 1, at, event: { kind: 'started' }, sent: [] },
    { seq: 2, at, event: reply, sent: [], ignored: 'saga-ended' },
    { seq: 3, at, event: { kind: 'time-passed' }, sent: [], ignored: 'saga-ended' },
  ];
  const saga = { definition: 'place-order', history };
  const namesOf = ({ lifelines }: Layout): string[] => lifelines.map(({ name }) => name);
  expect(namesOf(layOut(beginningOf(saga, 2)))).toEqual(['caller', 'orchestrator', 'stranger']);
  expect(namesOf(layOut(saga))).toEqual(['caller', 'orchestrator', 'stranger']);
});

it('draws the replies of children that were started within a folded run from the lifeline of the child', () => {
  const at = '2026-01-01T00:00:00Z';
  const start = (branch: number): SentCommand => ({
    commandId: `c-${branch}`,
    command: 'orchestrator.start-parcel',
    step: `parcels[${branch}]`,
    direction: 'action',
    attempt: 1,
    again: false,
  });
  const replied = (branch: number): object => ({
    kind: 'replied',
    commandId: `c-${branch}`,
    step: `parcels[${branch}]`,
    direction: 'action',
    from: 'orchestrator',
  });
  const history = [
    { seq: 1, at, event: { kind: 'started' }, sent: [start(0)] },
    { seq: 2, at, event: replied(0), sent: [start(1)] },
    { seq: 3, at, event: replied(1), sent: [start(2)] },
  ];
  const layout = layOut({ definition: 'ship-order', history });
  expect(layout.lifelines.map(({ name }) => name)).toEqual(['caller', 'orchestrator', 'parcel']);
  expect(layout.rows.at(-1)?.items.map(({ kind, label }) => [kind, label])).toEqual([
    ['reply', expect.stringContaining('×2')],
    ['command', expect.stringContaining('×2')],
  ]);
});

function bottomOf({ y, height }: Pick<Box, 'y' | 'height'>): number {
  return y + height;
}

function meet(some: Box, other: Box): boolean {
  const besides = some.x + some.width <= other.x || other.x + other.width <= some.x;
  return !besides && some.y < bottomOf(other) && other.y < bottomOf(some);
}
