import { waitUntil } from '@palinode/testing-support/wait-until';
import { RecordingLog } from '../../test/recording-log';
import { RecurringTask } from './recurring-task';

it('names a background task that hangs in the log, and continues when it returns', async () => {
  const log = new RecordingLog();
  let comeBack: () => void = () => undefined;
  let runs = 0;
  const work = async (): Promise<boolean> => {
    runs += 1;
    if (runs === 1) await new Promise<void>((resolve) => (comeBack = resolve));
    return false;
  };
  const task = new RecurringTask({ name: 'sweep the outbox', everyMs: 1, lateMs: 5, work, log });
  task.start();
  await waitUntil('the task is named in the log', () =>
    /to sweep the outbox has taken \d+ ms so far/.test(log.lines.join()),
  );
  expect(task.problem()).toMatch(/^could not sweep the outbox for \d+ s$/);
  comeBack();
  await waitUntil('the task runs again', () => runs > 1);
  await task.stop();
  expect(log.lines.join()).not.toContain('cannot sweep the outbox');
});

const SAID = /^could not sweep the outbox for \d+ s: Error: no such table$/;

it('reports a problem of a background task that fails repeatedly, until a run succeeds', async () => {
  let failing = true;
  const work = async (): Promise<boolean> => {
    if (failing) throw new Error('no such table');
    return false;
  };
  const options = { name: 'sweep the outbox', everyMs: 1, retryMs: 1, lateMs: 5, work, log: new RecordingLog() };
  const task = new RecurringTask(options);
  expect(task.problem()).toBeUndefined();
  task.start();
  await waitUntil('the problem is reported', () => SAID.test(task.problem() ?? ''));
  failing = false;
  await waitUntil('the problem is over', () => task.problem() === undefined);
  await task.stop();
});
