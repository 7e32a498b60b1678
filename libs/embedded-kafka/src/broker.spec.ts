import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './broker';
import { recordBatchOf } from '../test/conformance/record-batch-of';
import { ManualClock } from '../test/manual-clock';
import { toBrokerSettings } from './settings';

describe('the committed offsets of a broker', () => {
  let directory: string;
  let journal: string;
  let warnings: string[];

  const start = (): Broker => {
    const onError = (error: Error): number => warnings.push(error.message);
    return new Broker(toBrokerSettings({ directory, onError }), 'cluster', new ManualClock());
  };
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'broker-'));
    journal = join(directory, 'offsets.journal');
    warnings = [];
    const broker = start();
    void broker.offsets.commit('g', [{ topic: 't', partition: 0, offset: 5, metadata: '' }]);
    broker.close();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('reports lost offsets when their journal is empty', () => {
    truncateSync(journal, 0);
    expect(start).toThrow(`${journal} is empty. The committed offsets of all groups are lost.`);
    expect(start).toThrow('auto.offset.reset');
  });

  it('starts without offsets, with a warning, when their journal is deleted', () => {
    rmSync(journal);
    const broker = start();
    expect(broker.offsets.names()).toEqual([]);
    broker.close();
    expect(warnings).toEqual([expect.stringContaining(`${journal} is missing`)]);
  });

  it('accepts an empty journal in a directory of an earlier release, whose journals have no mark', () => {
    truncateSync(journal, 0);
    writeFileSync(join(directory, 'catalog.journal'), '');
    start().close();
    expect(warnings).toEqual([]);
  });
});

describe('the open files of a broker', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'broker-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const start = (): Broker =>
    new Broker(toBrokerSettings({ directory, openFilesMax: 10, partitionsMax: 160 }), 'cluster', new ManualClock());
  const openDescriptors = (): number => readdirSync('/dev/fd').length;

  it('keeps its open files within the limit for any number of partitions, and opens few at start', () => {
    const before = openDescriptors();
    let broker = start();
    const journals = 2;
    for (let topic = 0; topic < 40; topic++) broker.catalog.create(`t${topic}`, 4, {});
    expect(openDescriptors() - before).toBe(journals);
    for (let round = 0; round < 2; round++) {
      for (const { partitions } of broker.catalog.all()) {
        for (const log of partitions) expect(log.append(recordBatchOf(['v'])).error).toBe(0);
      }
    }
    expect(openDescriptors() - before).toBe(journals + 10);
    broker.close();
    expect(openDescriptors()).toBe(before);
    broker = start();
    expect(openDescriptors() - before).toBe(journals);
    const logs = broker.catalog.all().flatMap(({ partitions }) => partitions);
    expect(logs.map((log) => [log.endOffset, log.read(0, 1000).length])).toEqual(logs.map(() => [2, 1]));
    expect(openDescriptors() - before).toBe(journals + 10);
    broker.close();
  });
});
