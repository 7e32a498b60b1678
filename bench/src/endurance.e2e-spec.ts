import { readFileSync } from 'node:fs';
import { figures, json, measured, plans, rowOf } from '../test/measured';

it('npm run endurance loads the shop, lets it rest and reports what retention frees', async () => {
  const { printed } = await measured('endurance.js', '--minutes', '0.1', '--json', json, '--plans', plans);
  for (const line of ['at rest', 'orchestrator: saga', 'orchestrator: saga_history'])
    expect(printed).toMatch(rowOf(line));
  expect(figures()).toMatchObject({ broken: [] });
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});
