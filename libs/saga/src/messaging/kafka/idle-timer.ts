/*
 * kafkajs 2.2.4 re-arms a timer of 1 ms for every connection also when nothing is pending, which burns about 4 % of a core
 * in an idle process. Pending requests are checked when a response comes; the timer is only owed while there are some.
 */
import { createRequire } from 'node:module';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const KNOWN_VERSION = '2.2.4';

/** Removes the idle timer; does nothing for a version of kafkajs that was not looked at. */
export function stopIdleTimer(): void {
  const load = createRequire(require.resolve('kafkajs/package.json'));
  if ((load('./package.json') as { version: string }).version !== KNOWN_VERSION) return;
  const { prototype } = load('./src/network/requestQueue') as { prototype: RequestQueue & { palinode?: boolean } };
  if (prototype.palinode) return;
  const schedule = prototype.scheduleCheckPendingRequests;
  prototype.palinode = true;
  prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
