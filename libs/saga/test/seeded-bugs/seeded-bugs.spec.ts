import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEEDED_BUGS } from './seeded-bugs';

/** The simulator looks for these bugs for a minute; that a line has moved is seen at once. */
it.each(SEEDED_BUGS)('the code in which $bug is there once', ({ changes }) => {
  const places = changes.map(({ file, from }) => {
    const count = readFileSync(join(__dirname, '../..', file), 'utf8').split(from).length - 1;
    return { file, from, count };
  });
  expect(places.filter(({ count }) => count !== 1)).toEqual([]);
});
