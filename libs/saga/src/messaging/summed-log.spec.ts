import { RecordingLog } from '../../test/recording-log';
import { SummedLog, type NamedLine } from './summed-log';

/** Time that passes when the test says so. */
class HandClock {
  private due: (() => void) | undefined;

  readonly schedule = (work: () => void): (() => void) => {
    this.due = work;
    return () => (this.due = undefined);
  };

  get isWaiting(): boolean {
    return this.due !== undefined;
  }

  passes(): void {
    this.due?.();
  }
}

let log: RecordingLog;
let clock: HandClock;
let summed: SummedLog;

beforeEach(() => {
  log = new RecordingLog();
  clock = new HandClock();
  summed = new SummedLog(log, clock.schedule);
});

const line = (saga: number, reason = 'no-answer', command: string | undefined = 'payment.authorize'): NamedLine => ({
  level: 'log',
  event: 'saga-compensating',
  kind: { reason, command },
  text: `saga ${saga}`,
  fields: { saga, attempt: undefined },
});

const write = (count: number, ...kind: string[]): void => {
  for (let saga = 1; saga <= count; saga += 1) summed.write(line(saga, ...kind));
};

describe('the log of named lines', () => {
  it('writes a line with its name, its kind and its fields, without those that are undefined', () => {
    write(1);
    expect(log.entries).toEqual([
      {
        level: 'log',
        text: 'saga-compensating: no-answer, payment.authorize: saga 1',
        event: 'saga-compensating',
        reason: 'no-answer',
        command: 'payment.authorize',
        saga: 1,
      },
    ]);
  });

  it('writes the first five lines of a kind within ten seconds, and the number of all of them at the end', () => {
    write(89);
    write(5, 'card-declined');
    expect(log.lines).toHaveLength(10);
    clock.passes();
    expect(log.entries.slice(10)).toEqual([
      {
        level: 'log',
        text: 'saga-compensating ×89 in 10 s: no-answer, payment.authorize',
        event: 'saga-compensating',
        reason: 'no-answer',
        command: 'payment.authorize',
        count: 89,
        seconds: 10,
      },
    ]);
  });

  it('begins anew after ten seconds, and waits for nothing when no line comes', () => {
    write(6);
    clock.passes();
    expect(clock.isWaiting).toBe(false);
    write(1);
    expect(log.lines.at(-1)).toBe('saga-compensating: no-answer, payment.authorize: saga 1');
    expect(clock.isWaiting).toBe(true);
  });

  it('counts kinds beyond the hundredth together, so that its memory is bounded', () => {
    for (let kind = 0; kind < 10_000; kind += 1) write(1, `reason ${kind}`);
    expect(log.lines).toHaveLength(105);
    clock.passes();
    expect(log.lines.slice(105)).toEqual(['saga-compensating ×9900 in 10 s: of other kinds']);
  });

  it('writes what it has summed up when it is asked to', () => {
    write(6);
    summed.sumUp();
    expect(log.lines.at(-1)).toContain('×6 in 10 s');
    expect(clock.isWaiting).toBe(false);
  });

  it('writes one line whatever the text contains', () => {
    summed.write({ ...line(1), text: 'first\nsecond\u001b[2J' });
    expect(log.lines.at(-1)).not.toMatch(/\p{Cc}/u);
  });
});
