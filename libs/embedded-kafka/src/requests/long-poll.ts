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
 * Resolves when enough bytes were appended, when the time is up, or when it is cut short: by a rebalance, by the next
 * request on the connection, or by the end of the connection. Appends wake it; nothing is polled.
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
      // Other appends of this event loop iteration go into the same response.
      setImmediate(finish);
    };
    const unwatches = logs.map((log) => log.watch(onAppend));
    const alarm = clock.after(maxWaitMs, finish);
    const unpark = origin.park(finish);
  });
}
