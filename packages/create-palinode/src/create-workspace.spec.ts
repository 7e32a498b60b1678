import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from './create-workspace';

let place: string;

beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'palinode-create-'))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const packages = { version: '1.2.3' };

describe('a new workspace', () => {
  it('has the name of its directory, and the packages of this version', () => {
    const directory = createWorkspace(join(place, 'book-club'), packages);
    const read = (path: string): string => readFileSync(join(directory, path), 'utf8');
    expect(JSON.parse(read('package.json'))).toMatchObject({
      name: 'book-club',
      dependencies: { '@palinode/saga': '^1.2.3' },
      devDependencies: { '@palinode/cli': '^1.2.3', '@palinode/testing-support': '^1.2.3' },
    });
    expect(read('docker-compose.yml')).toContain('image: book-club\n');
    expect(readdirSync(directory)).toEqual(expect.arrayContaining(['.gitignore', '.oxlintrc.json']));
    const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(texts.filter((text) => text.includes('my-shop'))).toEqual([]);
  });

  it('may be in a directory that is empty', () => {
    mkdirSync(join(place, 'shop'));
    expect(existsSync(join(createWorkspace(join(place, 'shop'), packages), 'package.json'))).toBe(true);
  });

  it('takes the packages from tarballs, also those that they need', () => {
    mkdirSync(join(place, 'tarballs'));
    const names = ['saga', 'testing-support', 'embedded-kafka', 'cli'];
    for (const name of names) writeFileSync(join(place, `tarballs/palinode-${name}-1.2.3.tgz`), '');
    const directory = createWorkspace(join(place, 'shop'), { ...packages, tarballs: join(place, 'tarballs') });
    const { dependencies, overrides } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    expect(dependencies?.['@palinode/saga']).toBe('file:../tarballs/palinode-saga-1.2.3.tgz');
    expect(Object.keys(overrides ?? {})).toHaveLength(names.length);
  });
});

describe('no workspace is created', () => {
  const nothingIn = (directory: string): void => expect(existsSync(join(place, directory, 'package.json'))).toBe(false);

  it('in a directory that is not empty', () => {
    mkdirSync(join(place, 'shop'));
    writeFileSync(join(place, 'shop/notes.txt'), 'keep me');
    expect(() => createWorkspace(join(place, 'shop'), packages)).toThrow('is not empty. Choose another directory');
    nothingIn('shop');
  });

  it('in place of a file', () => {
    writeFileSync(join(place, 'shop'), '');
    expect(() => createWorkspace(join(place, 'shop'), packages)).toThrow('is a file. Choose another directory.');
  });

  it.each([
    ['My Shop', 'A package cannot be called "My Shop": '],
    ['_shop', 'name cannot start with an underscore'],
    ['node_modules', 'node_modules is not a valid package name'],
  ])('under the name %s', (name, problem) => {
    expect(() => createWorkspace(join(place, name), packages)).toThrow(problem);
    nothingIn(name);
  });

  it('when a tarball is missing', () => {
    const tarballs = join(place, 'tarballs');
    expect(() => createWorkspace(join(place, 'shop'), { ...packages, tarballs })).toThrow(
      /palinode-saga-1\.2\.3\.tgz is missing\. Write the tarballs with "npm run pack"/,
    );
    nothingIn('shop');
  });
});
