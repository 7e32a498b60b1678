import { sagaTest } from '@palinode/saga/testing';
import * as fc from 'fast-check';
import { atCompensation } from '../../../libs/saga/test/sample-progress';
import { placeOrder, releaseStock } from '../../../libs/saga/test/sample-saga';
import { aTrip, bookTrip, bookSeat } from '../../../libs/saga/test/sample-shapes';
import { layOutGantt } from '../src/diagram/lay-out-gantt';
import { timeScale } from '../src/diagram/time-scale';
import { anySaga } from './any-saga';
import { sagaOf } from './saga-of';

const START = Date.UTC(2026, 0, 1);

it('draws what each step did, and the wait before its next attempt', () => {
  const saga = atCompensation();
  saga.passTime('300ms').fail(releaseStock, 'the warehouse is away').passTime('1s');
  const { rows } = layOutGantt(sagaOf(placeOrder, saga).history, { width: 600, until: START + 9_000 });
  const stock = rows.find(({ name }) => name === 'stock');
  expect(stock?.status).toBe('COMPENSATING');
  expect(stock?.bars.map(({ what, tone, isWaiting }) => ({ what, tone, isWaiting }))).toEqual([
    { what: 'runs', tone: 'running', isWaiting: false },
    { what: 'is compensated', tone: 'compensating', isWaiting: false },
    { what: 'backoff after attempt 1', tone: 'compensating', isWaiting: true },
    { what: 'is compensated, attempt 2', tone: 'compensating', isWaiting: false },
  ]);
});

it('draws the branches of a forEach as one row, or each alone', () => {
  const saga = sagaTest(bookTrip).start(aTrip({ legs: Array.from({ length: 200 }, (_, leg) => `leg ${leg}`) }));
  for (let leg = 0; leg < 120; leg += 1) saga.passTime('10ms').reply(bookSeat, { seat: '1A' });
  const { history } = sagaOf(bookTrip, saga);
  const options = { width: 600, until: saga.now };
  const folded = layOutGantt(history, options).rows.find(({ name }) => name === 'seats');
  expect(folded).toMatchObject({ branches: 200, status: '120 DONE, 2 INVOKED, 78 PENDING' });
  expect(folded?.bars).toHaveLength(1);
  const { rows } = layOutGantt(history, { ...options, unfolded: new Set(['seats']) });
  expect(rows.filter(({ branchOf }) => branchOf === 'seats')).toHaveLength(200);
});

it('draws every bar within the width, in the order of time, with rows below each other', () => {
  fc.assert(
    fc.property(anySaga, fc.integer({ min: 50, max: 2_000 }), ({ history }, width) => {
      const until = Math.max(...history.map(({ at }) => Date.parse(at)));
      const { rows, ticks } = layOutGantt(history, { width, until });
      const bars = rows.flatMap((row) => row.bars);
      expect(bars.filter(({ x, width: own, ms }) => x < 0 || x + own > width + 3 || ms < 0)).toEqual([]);
      for (const row of rows)
        expect(row.bars.map(({ x }) => x)).toEqual(row.bars.map(({ x }) => x).toSorted((a, b) => a - b));
      expect(rows.map(({ y }) => y)).toEqual(rows.map((_, n) => n * 30));
      expect(ticks.every(({ x }, n) => n === 0 || x - (ticks[n - 1]?.x ?? 0) >= 72)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('places instants in their order, and long waits shorter than they were', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1e10), { minLength: 1, maxLength: 50 }), fc.nat(1e10), (instants, other) => {
      const { placeOf } = timeScale(instants, 500);
      const sorted = [...instants, other].toSorted((a, b) => a - b).map(placeOf);
      expect(sorted.every((place, n) => place >= (sorted[n - 1] ?? 0) && place <= 500)).toBe(true);
    }),
  );
  const { placeOf } = timeScale([0, 1_000, 86_400_000], 600);
  expect(placeOf(1_000)).toBeGreaterThan(100);
});
