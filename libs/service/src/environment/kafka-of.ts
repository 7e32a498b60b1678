import type { ServiceEnvironment } from './service-environment';

/** Where the service's broker is and how it is used, for the modules of the library. */
export function kafkaOf({
  KAFKA_BROKERS: brokers,
  KAFKA_PARTITIONS: partitions,
  KAFKA_SESSION_TIMEOUT_MS: sessionTimeoutMs,
}: ServiceEnvironment): { brokers: string[]; partitions: number; sessionTimeoutMs: number } {
  return { brokers, partitions, sessionTimeoutMs };
}
