import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { DamagedMarkerError, ForeignDirectoryError, openDataDirectory, upgradeDataDirectory } from './data-directory';

describe('the file that marks a broker’s directory', () => {
  let directory: string;
  let path: string;
  let clusterId: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'data-directory-'));
    path = join(directory, 'embedded-kafka.json');
    clusterId = openDataDirectory(directory);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['', 'it is empty'],
    ['{"format":2,"clu', 'JSON'],
    ['null', 'it does not contain a JSON object'],
    ['[]', 'its format is not a number'],
    ['{"format":"2","clusterId":"c"}', 'its format is not a number'],
    ['{"format":2}', 'it has no cluster id'],
    ['{"format":2,"clusterId":7}', 'it has no cluster id'],
  ])('is named in an error with a remedy when it holds %j', (text, problem) => {
    writeFileSync(path, text);
    expect(() => openDataDirectory(directory)).toThrow(DamagedMarkerError);
    expect(() => openDataDirectory(directory)).toThrow(`${path} is damaged: `);
    expect(() => openDataDirectory(directory)).toThrow(problem);
    expect(() => openDataDirectory(directory)).toThrow('Restore it');
  });

  it('names the version file in its errors', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        writeFileSync(path, text);
        expect(() => openDataDirectory(directory)).toThrow(path);
      }),
    );
  });

  it('rejects a directory of a later version', () => {
    writeFileSync(path, JSON.stringify({ format: 3, clusterId }));
    expect(() => openDataDirectory(directory)).toThrow(ForeignDirectoryError);
  });

  it('upgrades a directory of an earlier version, and keeps the cluster’s id', () => {
    writeFileSync(path, JSON.stringify({ format: 1, clusterId }));
    expect(openDataDirectory(directory)).toBe(clusterId);
    upgradeDataDirectory(directory);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ format: 2, clusterId });
  });
});
