import { waitUntil } from '@palinode/testing-support/wait-until';
import { RecordingLog } from '../../test/recording-log';
import { RecurringTask } from './recurring-task';

it('a background task that hangs is named in the log, and goes on when it comes back', async () => {
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
  await waitUntil('it is named', () => /to sweep the outbox has taken \d+ ms so far/.test(log.lines.join()));
  expect(task.problem()).toMatch(/^could not sweep the outbox for \d+ s$/);
  comeBack();
  await waitUntil('it runs again', () => runs > 1);
  await task.stop();
  expect(log.lines.join()).not.toContain('cannot sweep the outbox');
});

const SAID = /^could not sweep the outbox for \d+ s: Error: no such table$/;

it('a background task that fails again and again has a problem until a run succeeds', async () => {
  let failing = true;
  const work = async (): Promise<boolean> => {
    if (failing) throw new Error('no such table');
    return false;
  };
  const options = { name: 'sweep the outbox', everyMs: 1, retryMs: 1, lateMs: 5, work, log: new RecordingLog() };
  const task = new RecurringTask(options);
  expect(task.problem()).toBeUndefined();
  task.start();
  await waitUntil('it is said', () => SAID.test(task.problem() ?? ''));
  failing = false;
  await waitUntil('it is well', () => task.problem() === undefined);
  await task.stop();
});
