import { measured } from '../test/measured';

it.each([
  ['per-command', 'off', 'success'],
  ['per-batch', '4s', 'success'],
])(
  'npm run slow-handler measures the others in %s transactions with handlerTimeout %s',
  async (kind, timeout, slow) => {
    const { printed } = await measured(
      'slow-handler.js',
      `--transaction=${kind}`,
      `--timeout=${timeout}`,
      '--hang=1',
      '--rounds=1',
    );
    expect(printed).toMatch(/^one takes 1 s: the others are answered after p50 \d+ ms, p99 \d+ ms, at most \d+ ms$/m);
    expect(printed).toMatch(new RegExp(`^ {2}the slow one: ${slow} after \\d+ ms$`, 'm'));
  },
);
