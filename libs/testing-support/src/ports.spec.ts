import { execFileSync } from 'node:child_process';
import { runTypescript } from '@palinode/test-support/repository';
import { freePort } from './ports';

describe('a free port', () => {
  it('is returned once, although nothing listens on it', async () => {
    const ports = await Promise.all(Array.from({ length: 500 }, freePort));
    expect(new Set(ports).size).toBe(500);
  });

  it('is not returned by another process while this one runs', async () => {
    const ours = new Set(await Promise.all(Array.from({ length: 500 }, freePort)));
    const script = `
      const { freePort } = require(${JSON.stringify(require.resolve('./ports'))});
      Promise.all(Array.from({ length: 1_000 }, freePort)).then((ports) => console.log(JSON.stringify(ports)));
    `;
    const printed = execFileSync(process.execPath, ['-r', runTypescript, '-e', script], { encoding: 'utf8' });
    const theirs = JSON.parse(printed) as number[];
    expect(theirs).toHaveLength(1_000);
    expect(theirs.filter((port) => ours.has(port))).toEqual([]);
  });
});
