import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Access } from './access';
import { accessKeys, parseKeys } from './access-keys';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
const line = (name: string, role: string, key: string, until = ''): string =>
  `${name} ${role} sha256:${digest(key)} ${until}`.trim();

let folder: string;
let file: string;
let keys: Access;

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'], now: new Date('2026-11-30T12:00:00Z') });
  folder = mkdtempSync(join(tmpdir(), 'palinode-keys-'));
  file = join(folder, 'keys');
  keys = accessKeys({ file });
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the file as if some time had passed, however coarse the clock of the file system is. */
function write(text: string): void {
  writeFileSync(file, text);
  const at = new Date();
  utimesSync(file, at, at);
}

const by = (header: Record<string, string>) => keys.identify({ headers: header });

describe('the keys of a file', () => {
  it('say who shows one, as a bearer token or in the cookie of the console', async () => {
    write(`# people\n\n${line('ada', 'operator', 'pk_ada')}\n${line('bob@ops', 'viewer', 'pk_bob')}\n`);
    const ada = { name: 'ada', role: 'operator', key: digest('pk_ada').slice(0, 12) };
    await expect(by({ authorization: 'Bearer pk_ada' })).resolves.toEqual(ada);
    await expect(by({ authorization: 'bearer pk_bob' })).resolves.toMatchObject({ name: 'bob@ops', role: 'viewer' });
    await expect(by({ cookie: 'theme=dark; palinode-key=pk_ada; other=1' })).resolves.toEqual(ada);
  });

  it('refuse every other key', async () => {
    write(line('ada', 'admin', 'pk_ada'));
    for (const authorization of ['Bearer pk_eve', 'Basic pk_ada', 'pk_ada', `Bearer ${digest('pk_ada')}`, 'Bearer '])
      await expect(by({ authorization })).resolves.toBeUndefined();
    await expect(by({})).resolves.toBeUndefined();
    await expect(by({ cookie: 'not-palinode-key=pk_ada' })).resolves.toBeUndefined();
  });

  it('end on their day', async () => {
    write([line('ada', 'viewer', 'pk_a', '2026-12-01'), line('bob', 'viewer', 'pk_b', '2026-11-30')].join('\n'));
    await expect(by({ authorization: 'Bearer pk_a' })).resolves.toMatchObject({ name: 'ada' });
    await expect(by({ authorization: 'Bearer pk_b' })).resolves.toBeUndefined();
  });

  it('are read again when the file changes, at most once a second', async () => {
    write(line('ada', 'viewer', 'pk_a'));
    await expect(by({ authorization: 'Bearer pk_a' })).resolves.toMatchObject({ role: 'viewer' });
    jest.advanceTimersByTime(900);
    write(line('bob', 'viewer', 'pk_b'));
    await expect(by({ authorization: 'Bearer pk_b' })).resolves.toBeUndefined();
    jest.advanceTimersByTime(200);
    await expect(by({ authorization: 'Bearer pk_b' })).resolves.toMatchObject({ name: 'bob' });
    await expect(by({ authorization: 'Bearer pk_a' })).resolves.toBeUndefined();
  });

  it('cannot be used while the file is missing or has a line that is no key', async () => {
    await expect(by({ authorization: 'Bearer pk_a' })).rejects.toThrow(/cannot be read.*keys/);
    write(`${line('ada', 'viewer', 'pk_a')}\nada owner sha256:${digest('pk_a')}\n`);
    await expect(by({ authorization: 'Bearer pk_a' })).rejects.toThrow(/Line 2 of .*keys is no key/);
  });

  it.each([
    ['no digest', 'ada viewer'],
    ['a key in place of its digest', 'ada viewer pk_ada'],
    ['a name with a blank', `ada lovelace viewer sha256:${digest('a')}`],
    ['an impossible day', `ada viewer sha256:${digest('a')} 2026-13-01`],
    ['something behind the day', `ada viewer sha256:${digest('a')} 2026-12-01 x`],
  ])('are not read from a line with %s', (_, text) => {
    expect(() => parseKeys(text, 'keys')).toThrow(/Line 1 of keys/);
  });

  it('are found among any number of others', () => {
    const name = fc.stringMatching(/^[\w.@+-]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(name, fc.string()), { selector: ([, key]) => key }), (all) => {
        const found = parseKeys(all.map(([who, key]) => line(who, 'viewer', key)).join('\n'), 'keys');
        expect([...found.values()].map((each) => each.name)).toEqual(all.map(([who]) => who));
        for (const [who, key] of all) expect(found.get(digest(key))?.name).toBe(who);
      }),
    );
  });
});
