import { Gate } from '../../../test/gate';
import { BatchWatch } from './consumer-health';

let now = 0;
let watch: BatchWatch;

beforeEach(() => {
  now = 1_000_000;
  watch = new BatchWatch(120_000, () => now);
});

it('reports a batch that takes too long, with its age, until it ends', async () => {
  const gate = new Gate();
  const working = watch.over(() => gate.opened);
  now += 119_999;
  expect(watch.problem()).toBeUndefined();
  now += 1;
  expect(watch.problem()).toBe('has worked on one batch for 120 s');
  now += 600_000;
  expect(watch.problem()).toBe('has worked on one batch for 720 s');
  gate.open();
  await working;
  expect(watch.problem()).toBeUndefined();
});

it('reports the error of a batch that is retried repeatedly', async () => {
  const gate = new Gate();
  const working = watch.over(async (failed) => {
    failed(new Error('no database'));
    await gate.opened;
  });
  now += 130_000;
  expect(watch.problem()).toBe('has worked on one batch for 130 s, and begins again after: Error: no database');
  gate.open();
  await working;
});

it('reports the oldest of several batches, and ignores one that has thrown', async () => {
  const [first, second] = [new Gate(), new Gate()];
  const [one, another] = [watch.over(() => first.opened), watch.over(() => second.opened)];
  now += 60_000;
  const third = watch.over(() => second.opened);
  now += 60_000;
  expect(watch.problem()).toBe('has worked on one batch for 120 s');
  first.close(new Error('gone'));
  await expect(one).rejects.toThrow('gone');
  expect(watch.problem()).toBe('has worked on one batch for 120 s');
  second.open();
  await Promise.all([another, third]);
  expect(watch.problem()).toBeUndefined();
});

it('logs a stuck batch once per time limit', async () => {
  const gate = new Gate();
  const working = watch.over(() => gate.opened);
  expect(watch.problemToLog()).toBeUndefined();
  now += 120_000;
  expect([watch.problemToLog(), watch.problemToLog()]).toEqual(['has worked on one batch for 120 s', undefined]);
  now += 120_000;
  expect([watch.problemToLog(), watch.problemToLog()]).toEqual(['has worked on one batch for 240 s', undefined]);
  gate.open();
  await working;
});
