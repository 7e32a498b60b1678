import { measurementOf } from '../../test/measurement';
import { costReport, type CostMeasurement } from './cost';

const round = (target: string, cpuMsPerSaga: number, saga_history: number): CostMeasurement => ({
  ...measurementOf({ target, cpuMsPerSaga }),
  memoryMb: { orchestrator: { before: 80, after: 120 } },
  kibPerThousand: { saga: 1, saga_history, saga_timer: 0, inbox: 0, outbox: 0, unacknowledged: 0 },
});

const lines = costReport('steps', [
  round('3 steps', 4, 800),
  round('10 steps', 12, 2_000),
  round('3 steps', 2, 600),
  round('10 steps', 10, 2_400),
  round('3 steps', 3, 700),
  round('10 steps', 9, 2_200),
]).flatMap((section) => section.split('\n'));

it('the cost report compares the medians of all rounds with the first variant', () => {
  const costs = lines.filter((line) => line.includes('9000'));
  expect(costs.map((line) => line.split(' | ').slice(0, 3))).toEqual([
    ['| 3 steps', '3.00', '1.00'],
    ['| 10 steps', '10.00', '3.33'],
  ]);
});

it('the cost report lists the growth of tables and memory for each variant', () => {
  expect(lines).toContain('| 3 steps | 1 | 700 | 0 | 0 | 0 | 0 | orchestrator 80 → 120 |');
});
