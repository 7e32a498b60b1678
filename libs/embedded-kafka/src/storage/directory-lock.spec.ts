import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ForeignDirectoryError, openDataDirectory } from './data-directory';
import { DirectoryInUseError, DirectoryLock } from './directory-lock';

describe('the directory of a broker', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'directory-lock-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const leaveLock = (holder: string): void => writeFileSync(join(directory, 'lock'), holder);

  it('lets one broker at a time use a directory', () => {
    const lock = DirectoryLock.take(directory);
    expect(() => DirectoryLock.take(directory)).toThrow(DirectoryInUseError);
    lock.release();
    DirectoryLock.take(directory).release();
  });

  it.each([
    ['of a process that has ended', JSON.stringify({ pid: 2 ** 22 + 5, startedAt: '1' })],
    ['of an earlier process with this one’s id', JSON.stringify({ pid: process.pid, startedAt: '1' })],
    ['that was never written', ''],
  ])('is taken over from a lock %s', (_, holder) => {
    leaveLock(holder);
    expect(() => DirectoryLock.take(directory).release()).not.toThrow();
  });

  it('stays locked while the other process runs', () => {
    leaveLock(JSON.stringify({ pid: process.ppid, startedAt: null }));
    expect(() => DirectoryLock.take(directory)).toThrow(`process id ${process.ppid}`);
  });

  it('keeps the cluster’s id of a directory', () => {
    expect(openDataDirectory(directory)).toBe(openDataDirectory(directory));
  });

  it('rejects a directory with foreign files', () => {
    writeFileSync(join(directory, 'thesis.txt'), 'years of work');
    expect(() => openDataDirectory(directory)).toThrow(ForeignDirectoryError);
    expect(() => openDataDirectory(directory)).toThrow('thesis.txt');
  });
});
