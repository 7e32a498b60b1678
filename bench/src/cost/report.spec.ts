import type { CostTurn } from './cost-turn';
import { QUESTIONS } from './questions';
import { costReport } from './report';

const turnOf = (contender: string, cpuMsPerSaga: number, historyKib: number): CostTurn => ({
  turn: {
    contender,
    inFlight: 64,
    declined: 0,
    sagas: 100,
    sagasPerSecond: 50,
    p50Ms: 20,
    p95Ms: 30,
    p99Ms: 40,
    cpuMsPerSaga,
    cpuByProcess: { orchestrator: cpuMsPerSaga },
    postgresPerSaga: { commits: 1, walBytes: 9_000, fsyncs: 0.5 },
    stolenPercent: 0,
    broken: [],
  },
  memoryMb: { orchestrator: { before: 80, after: 120 } },
  kibPerThousand: { saga: 1, saga_history: historyKib, saga_timer: 0, inbox: 0, outbox: 0, unacknowledged: 0 },
});

const steps = QUESTIONS.find(({ name }) => name === 'steps')!;
const lines = costReport(steps, [
  turnOf('3 steps', 4, 800),
  turnOf('10 steps', 12, 2_000),
  turnOf('3 steps', 2, 600),
  turnOf('10 steps', 10, 2_400),
  turnOf('3 steps', 3, 700),
  turnOf('10 steps', 9, 2_200),
]).split('\n');

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
