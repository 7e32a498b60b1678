/*
 * kafkajs 2.2.4 re-arms a timer of 1 ms for every connection even when no request is pending, which uses about 4 % of a
 * core in an idle process. Pending requests are checked when a response arrives, so the timer is only needed while
 * there are some.
 */

/** The requests of one connection of kafkajs. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

/** Removes the timer of this connection while it is idle. */
export function stopIdleTimer(queue: RequestQueue): void {
  const schedule = queue.scheduleCheckPendingRequests.bind(queue);
  queue.scheduleCheckPendingRequests = () => {
    if (queue.pending.length > 0) schedule();
  };
}
