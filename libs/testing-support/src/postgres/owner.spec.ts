import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDirectory, isOwn } from './owner';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palinode-owner-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a directory in a place where others may write', () => {
  it('is made so that others may pass and none may list or write', () => {
    claimDirectory(join(folder, 'data'));
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o711);
  });

  it('is taken again when this user has made it', () => {
    claimDirectory(join(folder, 'data'));
    expect(() => claimDirectory(join(folder, 'data'))).not.toThrow();
  });

  it.each([
    ['a link to a directory', (path: string) => symlinkSync(folder, path)],
    ['a link to nothing', (path: string) => symlinkSync(join(folder, 'nothing'), path)],
    ['a directory that others may write to', (path: string) => (mkdirSync(path), chmodSync(path, 0o777))],
    ['a directory that its group may write to', (path: string) => (mkdirSync(path), chmodSync(path, 0o770))],
  ])('is refused when it is %s', (_what, make) => {
    make(join(folder, 'data'));
    expect(isOwn(join(folder, 'data'))).toBe(false);
    expect(() => claimDirectory(join(folder, 'data'))).toThrow('is not a directory of this user alone');
  });
});
