import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INSTANCE_BUGS } from './instance-bugs';
import { SEEDED_BUGS } from './seeded-bugs';

const ALL = [...SEEDED_BUGS, ...INSTANCE_BUGS.map(({ bug, change }) => ({ bug, changes: [change] }))];

/** The simulator and two instances search for these bugs for a minute; this test reports a moved line at once. */
it.each(ALL)('finds the code of the seeded bug once: $bug', ({ changes }) => {
  const places = changes.map(({ file, from }) => {
    const count = readFileSync(join(__dirname, '../..', file), 'utf8').split(from).length - 1;
    return { file, from, count };
  });
  expect(places.filter(({ count }) => count !== 1)).toEqual([]);
});
