/*
 * kafkajs 2.2.4 re-arms a timer of 1 ms for every connection also when nothing is pending, which burns about 4 % of a core
 * in an idle process. Pending requests are checked when a response comes; the timer is only owed while there are some.
 */
import { internalOfKafkajs } from './internal';

interface RequestQueue {
  pending: unknown[];
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/** Removes the idle timer; does nothing for a version of kafkajs that was not looked at. */
export function stopIdleTimer(): void {
  const queue = internalOfKafkajs('network/requestQueue') as
    { prototype: RequestQueue & { palinode?: boolean } } | undefined;
  if (queue === undefined || queue.prototype.palinode) return;
  const schedule = queue.prototype.scheduleCheckPendingRequests;
  queue.prototype.palinode = true;
  queue.prototype.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    if (this.pending.length > 0) schedule.call(this);
  };
}
