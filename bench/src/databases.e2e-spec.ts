/* The subcommands that fill databases, and start no service of the shop. */
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { missingBrowser } from '@palinode/test-support/chromium';
import { readFileSync } from 'node:fs';
import { bench, figures, plans, rowOf } from '../test/bench';

it('npm run bench -- growth compares databases of two sizes', async () => {
  const { printed } = await bench(
    'growth',
    '--open',
    '1000,1100',
    '--burst',
    '100',
    '--times',
    '2',
    '--no-limits',
    '--plans',
    plans,
  );
  expect(printed).toMatch(rowOf('find and claim 100 due timers'));
  expect(printed).toMatch(rowOf('one saga with its history'));
  expect(printed).toMatch(/^\d+ due at once: woken in [\d.]+ s/m);
  expect(readFileSync(plans, 'utf8')).toContain('Index Scan');
});

it('npm run bench -- find searches as operators do', async () => {
  const { printed } = await bench('find', '--sagas', '2000', '--times', '2', '--no-limits');
  for (const search of ['all', 'an incident of many', 'q: a whole id']) expect(printed).toMatch(rowOf(search));
});

it('npm run bench -- live advances sagas while clients follow them', async () => {
  const { printed } = await bench('live', '--listeners', '5', '--sagas', '1000', '--rounds', '1', '--batches', '4');
  for (const way of ['no client', '5 clients']) expect(printed).toMatch(rowOf(way));
});

describeWhenAvailable('npm run bench -- console', missingBrowser, () => {
  it('shows long, broad and many sagas in a browser, with few of their rows at once', async () => {
    const small = [
      '--sagas',
      '2000',
      '--entries',
      '40',
      '--branches',
      '12',
      '--pages',
      '3',
      '--steps',
      '4',
      '--live',
      '2',
    ];
    const { printed } = await bench('console', ...small);
    for (const figure of ['a saga with 40 entries is there', 'its steps are unfolded', 'a search, from the last key.*'])
      expect(printed).toMatch(rowOf(figure));
    expect(figures()).toMatchObject({ broken: [] });
  });
});
