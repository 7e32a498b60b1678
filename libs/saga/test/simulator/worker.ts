/* A thread of `npm run simulate`: runs the schedules that it is given, and tells what it found. */
import { parentPort } from 'node:worker_threads';
import { runAll, type Range } from './campaign';

parentPort?.on('message', (range: Range) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  parentPort?.postMessage(runAll(range));
});
