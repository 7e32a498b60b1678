import { figures, json, measured } from '../test/measured';

it('npm run overload measures a level of load', async () => {
  const brief = ['--seconds', '2', '--customers', '8', '--levels', '0.5', '--stopped', '0', '--json', json];
  const { printed } = await measured('overload.js', ...brief);
  expect(printed).toMatch(/^\| 0\.5 × peak, \d+\/s \|/m);
  expect(figures()).toMatchObject({ levels: [{ other: 0, falseHolds: expect.any(Number) }] });
});
