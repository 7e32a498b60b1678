/* A thread of `npm run simulate`: runs its schedules and reports the findings. */
import { parentPort } from 'node:worker_threads';
import { runAll, type Range } from './campaign';

parentPort?.on('message', (range: Range) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(runAll(range));
});
