import { durationText, relativeText } from '../src/parts/duration-text';
import { counted, cut } from '../src/parts/wording';
import { parseSearch, stringifySearch } from '../src/search';
import { hexDump } from '../src/screens/dead-letters/hex-dump';
import { differingDefinitions } from '../src/screens/instances/differing-definitions';
import { barsOf } from '../src/screens/now/bars';
import { concernsOf } from '../src/screens/now/concerns';
import type { Admin } from '../src/api/schemas';

describe('the search of a URL', () => {
  it('keeps a value that looks like a number or a truth value as it is written', () => {
    expect(parseSearch('?q=1e10&held=true&subject=0012')).toEqual({ q: '1e10', held: 'true', subject: '0012' });
  });

  it('reads what it has written', () => {
    const search = { q: 'a & b=c', status: ['PAUSED', 'RUNNING'], incident: undefined, held: '' };
    expect(stringifySearch(search)).toBe('?q=a+%26+b%3Dc&status=PAUSED&status=RUNNING');
    expect(parseSearch(stringifySearch(search))).toEqual({ q: 'a & b=c', status: ['PAUSED', 'RUNNING'] });
    expect(stringifySearch({})).toBe('');
  });
});

describe('the bars of the last hour', () => {
  const point = (counts: Partial<Admin['StatisticsPointView']>): Admin['StatisticsPointView'] => ({
    at: '2026-01-01T00:00:00.000Z',
    started: 0,
    completed: 0,
    compensated: 0,
    paused: 0,
    ...counts,
  });

  it('stack what became of the sagas of each interval, the fullest interval to the top', () => {
    const { bars, width } = barsOf([point({ completed: 6, compensated: 2 }), point({ completed: 4 })], {
      width: 100,
      height: 40,
    });
    expect(bars.map(({ x, y, height, outcome }) => ({ x, y, height, outcome }))).toEqual([
      { x: 0, y: 10, height: 30, outcome: 'completed' },
      { x: 0, y: 0, height: 10, outcome: 'compensated' },
      { x: 50, y: 20, height: 20, outcome: 'completed' },
    ]);
    expect(width).toBe(40);
  });

  it('show a single paused saga among a thousand', () => {
    const { bars } = barsOf([point({ completed: 1_000, paused: 1 })], { width: 10, height: 28 });
    expect(bars.every(({ y }) => y >= 0)).toBe(true);
    const full = barsOf([point({ completed: 999 }), point({ paused: 1 })], { width: 10, height: 28 });
    expect(full.bars.find(({ outcome }) => outcome === 'paused')?.height).toBeGreaterThanOrEqual(1);
  });
});

describe('what needs a person', () => {
  const well: Admin['OverviewView'] = {
    at: '2026-01-01T00:01:00.000Z',
    definitions: [],
    services: [],
    orchestrator: { status: 'ok', instances: [] },
    broker: { status: 'up', brokers: [] },
    database: { version: '18.0', answeredInMs: 1 },
    holds: [],
    heldSagas: 0,
    incidents: { incidents: 0, sagas: 0 },
    deadLetters: { count: 0 },
    outbox: { count: 0 },
    overdueTimers: { count: 0 },
  };

  it('is nothing when all is well', () => {
    expect(concernsOf(well, 0)).toEqual([]);
    expect(concernsOf({ ...well, outbox: { count: 3, oldest: '2026-01-01T00:00:59.000Z' } }, 0)).toEqual([]);
  });

  it('names the gravest first', () => {
    const found = concernsOf(
      {
        ...well,
        database: { version: '18.0', answeredInMs: 1, commitMs: 100 },
        broker: { status: 'down', problem: 'connect ECONNREFUSED', brokers: [] },
        services: [{ service: 'payment', instances: [], holds: [] }],
        incidents: { incidents: 1, sagas: 4 },
        deadLetters: { count: 2 },
        outbox: { count: 3, oldest: '2026-01-01T00:00:00.000Z' },
      },
      1,
    );
    expect(found.map(({ title }) => title)).toEqual([
      'The broker does not answer',
      'PostgreSQL takes 100 ms to commit',
      'Nobody reads the commands of payment',
      '4 sagas paused, for 1 reason',
      '3 commands not published for 1 min',
      '2 open dead letters',
      '1 fault armed',
    ]);
    expect(found.map(({ grave }) => grave)).toEqual([true, true, true, true, true, false, false]);
  });

  it('says how many sagas wait for holds, one that waits for several as one, and each reason once', () => {
    const hold = (reason: string, sagas: number): Admin['HoldView'] => ({
      id: reason,
      where: { service: 'payment' },
      cause: 'silence',
      reason,
      by: 'orchestrator',
      since: well.at,
      probes: 0,
      waiting: { sagas },
    });
    const holds = [hold('capture fails', 3), hold('capture fails', 1), hold('stocktaking', 2)];
    expect(concernsOf({ ...well, holds, heldSagas: 5 }, 0)).toMatchObject([
      { title: '3 holds in force, 5 sagas waiting', detail: 'capture fails; stocktaking' },
    ]);
  });
});

it('cuts a text never within a character', () => {
  expect(cut('abc', 3)).toBe('abc');
  expect(cut('ab😀d', 3)).toBe('ab…');
});

it('says a time and a count in few words', () => {
  expect([340, 12_000, 65_000, 3_900_000].map(durationText)).toEqual(['340 ms', '12 s', '1 min 5 s', '1 h 5 min']);
  expect(relativeText(0, 672_000)).toBe('11 min ago');
  expect(relativeText(65_000, 0)).toBe('in 1 min 5 s');
  expect([counted(1, 'reason'), counted(2, 'reason')]).toEqual(['1 reason', '2 reasons']);
});

it('names definitions that instances have in different forms', () => {
  const of = (...definitions: [string, number, string][]) => ({
    definitions: definitions.map(([definition, version, fingerprint]) => ({ definition, version, fingerprint })),
  });
  expect(differingDefinitions([of(['a', 1, 'x'], ['b', 1, 'y']), of(['a', 1, 'z'], ['b', 2, 'y'])])).toEqual(['a v1']);
});

it('shows bytes as hexadecimal numbers beside what can be printed', () => {
  expect(hexDump(new TextEncoder().encode('palinode, 16 bytes\n'))).toBe(
    [
      '000000  70 61 6c 69 6e 6f 64 65 2c 20 31 36 20 62 79 74  palinode, 16 byt',
      `000010  ${'65 73 0a'.padEnd(47)}  es.`,
    ].join('\n'),
  );
  expect(hexDump(new Uint8Array(10_000)).split('\n')).toHaveLength(513);
});
