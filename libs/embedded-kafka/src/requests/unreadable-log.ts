import type { Broker } from '../broker';
import type { PartitionLog } from '../log/partition-log';

const reported = new WeakSet<PartitionLog>();

/** Reports an unreadable log; once, because consumers fetch from it again and again. */
export function reportUnreadable(broker: Broker, log: PartitionLog, error: Error): void {
  if (reported.has(log)) return;
  reported.add(log);
  broker.settings.onError(new Error(`${log.directory} cannot be read: ${error.message}`, { cause: error }));
}
