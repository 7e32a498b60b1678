import { measured } from '../test/measured';

it('npm run latency measures one order at a time', async () => {
  const { printed } = await measured('latency.js', '--orders', '3');
  expect(printed).toMatch(/^POST to COMPLETED: p50 \d+ ms, p95 \d+ ms$/m);
});
