interface KafkaError {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Whether an error of kafkajs, or one of its causes, has one of these types of Kafka's protocol. */
export function isOfType(error: unknown, ...types: readonly string[]): boolean {
  return errorOfType(error, types) !== undefined;
}

/** The message of the error, or of the one among its causes, that has this type. */
export function messageOfType(error: unknown, type: string): string {
  return String(errorOfType(error, [type])?.message);
}

/** The names of kafkajs's errors for a broker that cannot be reached, or does not answer. */
const AWAY: ReadonlySet<unknown> = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSNoBrokerAvailableError',
]);

/** Whether an error of kafkajs, or one of its causes, says that no broker answers. */
export function isBrokerAway(error: unknown): boolean {
  return errorThat(error, ({ name }) => AWAY.has(name)) !== undefined;
}

function errorOfType(error: unknown, types: readonly string[]): KafkaError | undefined {
  return errorThat(error, ({ type }) => types.includes(type as string));
}

function errorThat(error: unknown, holds: (error: KafkaError) => boolean): KafkaError | undefined {
  const each = Object(error) as KafkaError;
  if (holds(each)) return each;
  for (const inner of [each.cause, ...(each.errors ?? [])]) {
    const found = inner === undefined ? undefined : errorThat(inner, holds);
    if (found !== undefined) return found;
  }
  return undefined;
}
