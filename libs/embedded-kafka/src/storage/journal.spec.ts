import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32c } from './crc32c';
import { DamagedJournalError, Journal } from './journal';
import { journalMark } from './journal-format';
import { SyncEverySecond } from './sync-policy';

describe('a journal', () => {
  let directory: string;
  let path: string;
  let counts: Map<string, number>;
  let journal: Journal<[string, number]>;
  let onError: (error: Error) => void;

  beforeEach(() => {
    onError = () => undefined;
    directory = mkdtempSync(join(tmpdir(), 'journal-'));
    path = join(directory, 'test.journal');
    open();
  });
  afterEach(() => {
    if (journal.fd >= 0) journal.close();
    rmSync(directory, { recursive: true });
  });

  function open(lossWhenEmpty?: string): void {
    counts = new Map();
    journal = new Journal({
      path,
      sync: new SyncEverySecond(),
      replay: ([name, count]) => counts.set(name, count),
      snapshot: () => counts,
      compactAboveBytes: 1000,
      lossWhenEmpty,
      onError: (error) => onError(error),
    });
  }

  /** An entry in format 1. */
  function unmarked(entry: unknown): Buffer {
    const json = Buffer.from(JSON.stringify(entry));
    const header = Buffer.alloc(8);
    header.writeUInt32BE(json.length, 0);
    header.writeUInt32BE(crc32c(json), 4);
    return Buffer.concat([header, json]);
  }

  function replayed(): object[] {
    const entries: object[] = [];
    const replay = (entry: object): number => entries.push(entry);
    new Journal<object>({ path, sync: new SyncEverySecond(), replay, snapshot: () => entries }).close();
    return entries;
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

  it('fails to open when any one bit of it is flipped, and changes nothing', () => {
    record('a', 1);
    record('b', 2);
    journal.close();
    const intact = readFileSync(path);
    for (let bit = 0; bit < intact.length * 8; bit++) {
      const damaged = Buffer.from(intact);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, damaged);
      expect(() => open()).toThrow(DamagedJournalError);
      expect(readFileSync(path).equals(damaged)).toBe(true);
    }
    expect(() => open()).toThrow(/damaged at byte \d+.*truncate -s \d+ .*test\.journal/);
  });

  it('keeps all whole entries when the file ends anywhere, as after a crash', () => {
    record('a', 1);
    record('b', 2);
    journal.close();
    const intact = readFileSync(path);
    for (let length = journalMark.length; length < intact.length; length++) {
      // Another result of a crash: the file has its full length, but the unwritten part reads as zeros.
      for (const tail of [Buffer.alloc(0), Buffer.alloc(Math.max(8, intact.length - length))]) {
        writeFileSync(path, Buffer.concat([intact.subarray(0, length), tail]));
        open();
        journal.close();
        expect([...counts.keys()]).toEqual(length < (intact.length + journalMark.length) / 2 ? [] : ['a']);
      }
    }
  });

  it('fails to open when it is empty, and names what is lost', () => {
    record('a', 1);
    journal.close();
    truncateSync(path, 0);
    expect(() => open('The counts are gone.')).toThrow(`${path} is empty. The counts are gone.`);
  });

  it('reads journals of format 1, and adds the mark (J4)', () => {
    journal.close();
    writeFileSync(path, Buffer.concat([unmarked(['a', 1]), unmarked(['b', 2]), unmarked(['c', 3]).subarray(0, -1)]));
    open();
    expect([...counts.keys()]).toEqual(['a', 'b']);
    expect(readFileSync(path).subarray(0, journalMark.length)).toEqual(journalMark);
    record('d', 4);
    journal.close();
    open();
    expect([...counts.keys()]).toEqual(['a', 'b', 'd']);
  });

  it('fails to open a journal of format 1 when any one bit of it is flipped', () => {
    journal.close();
    const intact = Buffer.concat([unmarked({ a: 1 }), unmarked({ b: 2 }), unmarked({ c: 3 })]);
    for (let bit = 0; bit < intact.length * 8; bit++) {
      const damaged = Buffer.from(intact);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, damaged);
      expect(() => replayed()).toThrow(DamagedJournalError);
    }
    writeFileSync(path, intact);
    expect(replayed()).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
  });

  it('continues with the present file when it cannot be compacted', () => {
    const errors: Error[] = [];
    journal.close();
    onError = (error) => errors.push(error);
    open();
    mkdirSync(`${path}.new`);
    for (let count = 0; count < 100; count++) record('name', count);
    expect(errors[0]!.message).toContain(path);
    journal.close();
    open();
    expect([...counts]).toEqual([['name', 99]]);
  });

  it('shrinks to its snapshot when it has grown (J3)', () => {
    for (let count = 0; count < 500; count++) record(`name ${count % 3}`, count);
    expect(readFileSync(path).length).toBeLessThan(1100);
    journal.close();
    open();
    expect(Object.fromEntries(counts)).toEqual({ 'name 0': 498, 'name 1': 499, 'name 2': 497 });
  });
});
