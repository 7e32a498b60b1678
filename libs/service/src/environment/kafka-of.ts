import type { ServiceEnvironment } from './service-environment';

/** The Kafka options for the library's modules. */
export function kafkaOf({
  KAFKA_BROKERS: brokers,
  KAFKA_TOPIC_PREFIX: topicPrefix,
  KAFKA_PARTITIONS: partitions,
  KAFKA_SESSION_TIMEOUT_MS: sessionTimeoutMs,
  BATCH_STUCK_AFTER_MS: stuckAfterMs,
}: ServiceEnvironment): {
  brokers: string[];
  topicPrefix: string;
  partitions: number;
  sessionTimeoutMs: number;
  stuckAfterMs: number;
} {
  return { brokers, topicPrefix, partitions, sessionTimeoutMs, stuckAfterMs };
}
