import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from './broker';
import { ManualClock } from './manual-clock';
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

  it('are not lost silently when their journal is emptied', () => {
    truncateSync(journal, 0);
    expect(start).toThrow(`${journal} is empty. The committed offsets of all groups are gone.`);
    expect(start).toThrow('auto.offset.reset');
  });

  it('begin anew, with a warning, when their journal is deleted', () => {
    rmSync(journal);
    const broker = start();
    expect(broker.offsets.names()).toEqual([]);
    broker.close();
    expect(warnings).toEqual([expect.stringContaining(`${journal} is missing`)]);
  });

  it('may be none in a directory of before, whose journals have no mark', () => {
    truncateSync(journal, 0);
    writeFileSync(join(directory, 'catalog.journal'), '');
    start().close();
    expect(warnings).toEqual([]);
  });
});
