import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFolder } from './console-pages';

describe('replaceFolder', () => {
  let directory: string;
  const pages = (): string => join(directory, 'static');
  const folder = (name: string): string => {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'index.html'), name);
    return join(directory, name);
  };

  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'palinode-pages-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('puts a folder where there is none, and where there is another', () => {
    replaceFolder(pages(), folder('first'));
    expect(readFileSync(join(pages(), 'index.html'), 'utf8')).toBe('first');
    replaceFolder(pages(), folder('second'));
    expect(readFileSync(join(pages(), 'index.html'), 'utf8')).toBe('second');
    expect(readdirSync(directory)).toEqual(['static']);
  });

  it('fails when what it should put there does not exist', () => {
    expect(() => replaceFolder(pages(), join(directory, 'missing'))).toThrow('ENOENT');
  });
});
