import type { Broker } from '../broker';
import type { PartitionLog } from '../log/partition-log';

const told = new WeakSet<PartitionLog>();

/** Tells of a log that does not read; once, for consumers ask for it again and again. */
export function tellUnreadable(broker: Broker, log: PartitionLog, error: Error): void {
  if (told.has(log)) return;
  told.add(log);
  broker.settings.onError(new Error(`${log.directory} does not read: ${error.message}`, { cause: error }));
}
