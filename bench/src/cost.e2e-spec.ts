import { figures, json, measured, rowOf } from '../test/measured';

it('npm run cost compares the variants of a question', async () => {
  const brief = ['--seconds', '1', '--rounds', '1', '--warm-up', '0'];
  const { printed } = await measured('cost.js', '--questions', 'payload', ...brief, '--json', json);
  for (const variant of ['1 KiB', '10 KiB', '100 KiB']) expect(printed).toMatch(rowOf(variant));
  expect(figures()['answers']).toHaveLength(1);
});
