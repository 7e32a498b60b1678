import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal';
import { SyncEverySecond } from './sync-policy';

describe('a journal', () => {
  let directory: string;
  let path: string;
  let counts: Map<string, number>;
  let journal: Journal<[string, number]>;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'journal-'));
    path = join(directory, 'test.journal');
    open();
  });
  afterEach(() => {
    journal.close();
    rmSync(directory, { recursive: true });
  });

  function open(): void {
    counts = new Map();
    journal = new Journal({
      path,
      sync: new SyncEverySecond(),
      replay: ([name, count]) => counts.set(name, count),
      snapshot: () => counts,
      compactAboveBytes: 1000,
    });
  }

  function record(name: string, count: number): void {
    void journal.append([name, count]);
    counts.set(name, count);
    journal.compactWhenLarge();
  }

  it('replays what was appended (J1)', () => {
    record('a', 1);
    record('b', 2);
    record('a', 3);
    journal.close();
    open();
    expect([...counts]).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
  });

  it.each([1, 9, 14])('drops a last entry that lacks %i bytes, and appends after the whole ones (J2)', (missing) => {
    record('a', 1);
    record('b', 2);
    journal.close();
    truncateSync(path, statSync(path).size - missing);
    open();
    expect([...counts]).toEqual([['a', 1]]);
    record('c', 3);
    journal.close();
    open();
    expect([...counts.keys()]).toEqual(['a', 'c']);
  });

  it('shrinks to its snapshot when it has grown (J3)', () => {
    for (let count = 0; count < 500; count++) record(`name ${count % 3}`, count);
    expect(readFileSync(path).length).toBeLessThan(1100);
    journal.close();
    open();
    expect(Object.fromEntries(counts)).toEqual({ 'name 0': 498, 'name 1': 499, 'name 2': 497 });
  });
});
