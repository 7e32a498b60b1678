import { plansIn, typical, type Plan } from './plans';

const line = (message: string): string => JSON.stringify({ dbname: 'orders', error_severity: 'LOG', message });

const READ = `duration: 0.042 ms  plan:
Query Text: SELECT state
  FROM saga WHERE id = $1
Index Scan using saga_pkey on saga  (cost=0.42..8.44 rows=1 width=32) (actual time=0.020..0.021 rows=1.00 loops=1)
  Index Cond: (id = $1)
  Buffers: shared hit=4`;

it('the plan log yields the statements with their plans among other log lines', () => {
  const log = [line('checkpoint starting: time'), line(READ), 'cut of'].join('\n');
  expect(plansIn(log)).toEqual([
    {
      database: 'orders',
      statement: 'SELECT state\n  FROM saga WHERE id = $1',
      plan: [
        'Index Scan using saga_pkey on saga (actual time=0.020..0.021 rows=1.00 loops=1)',
        '  Index Cond: (id = $1)',
        '  Buffers: shared hit=4',
      ].join('\n'),
      ms: 0.042,
    },
  ]);
});

it('the plan log yields the median run of each statement', () => {
  const run = (database: string, ms: number): Plan => ({ database, statement: 'SELECT 1', plan: 'Result', ms });
  const plans = [run('orders', 9), run('orders', 1), run('stock', 5), run('orders', 2)];
  expect(typical(plans)).toEqual([
    { ...run('orders', 2), times: 3 },
    { ...run('stock', 5), times: 1 },
  ]);
});
