import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimDirectory, isOwn } from './owner';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'palinode-owner-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('a directory below one where other users may write', () => {
  it('is created so that other users may pass, but not list or write', () => {
    claimDirectory(join(folder, 'data'));
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o711);
  });

  it('is reused when this user has created it', () => {
    claimDirectory(join(folder, 'data'));
    expect(() => claimDirectory(join(folder, 'data'))).not.toThrow();
  });

  it.each([
    ['a link to a directory', (path: string) => symlinkSync(folder, path)],
    ['a link to nothing', (path: string) => symlinkSync(join(folder, 'nothing'), path)],
    ['a directory that others may write to', (path: string) => (mkdirSync(path), chmodSync(path, 0o777))],
    ['a directory that its group may write to', (path: string) => (mkdirSync(path), chmodSync(path, 0o770))],
  ])('is rejected when it is %s', (_what, make) => {
    make(join(folder, 'data'));
    expect(isOwn(join(folder, 'data'))).toBe(false);
    expect(() => claimDirectory(join(folder, 'data'))).toThrow('is not a directory of this user alone');
  });
});
