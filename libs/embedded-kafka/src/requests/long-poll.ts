import type { Clock } from '../clock';
import type { PartitionLog } from '../log/partition-log';
import type { RequestOrigin } from './kafka-request';

export interface LongPoll {
  readonly origin: RequestOrigin;
  readonly logs: readonly PartitionLog[];
  readonly missingBytes: number;
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/**
 * Resolves when enough bytes were appended, when the wait is over, or when it is cut: by a rebalance, by the next
 * request on the connection, or by the connection's end. Nothing is polled: appends wake it.
 */
export function longPoll({ origin, logs, missingBytes, maxWaitMs, clock }: LongPoll): Promise<void> {
  return new Promise((resolve) => {
    let missing = missingBytes;
    let isWoken = false;
    const finish = (): void => {
      alarm.cancel();
      unpark();
      for (const unwatch of unwatches) unwatch();
      resolve();
    };
    const onAppend = (appendedBytes: number): void => {
      missing -= appendedBytes;
      if (missing > 0 || isWoken) return;
      isWoken = true;
      // What else arrives in this turn of the event loop goes into the same answer.
      setImmediate(finish);
    };
    const unwatches = logs.map((log) => log.watch(onAppend));
    const alarm = clock.after(maxWaitMs, finish);
    const unpark = origin.park(finish);
  });
}
