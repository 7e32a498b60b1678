interface KafkaError {
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

function errorOfType(error: unknown, types: readonly string[]): KafkaError | undefined {
  const each = Object(error) as KafkaError;
  if (types.includes(each.type as string)) return each;
  for (const inner of [each.cause, ...(each.errors ?? [])]) {
    const found = inner === undefined ? undefined : errorOfType(inner, types);
    if (found !== undefined) return found;
  }
  return undefined;
}
