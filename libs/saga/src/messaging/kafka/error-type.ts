/** Whether an error of kafkajs, or what caused it, is of one of these types of Kafka's protocol. */
export function isOfType(error: unknown, ...types: readonly string[]): boolean {
  const { type, cause } = Object(error) as { type?: unknown; cause?: unknown };
  return types.includes(type as string) || (cause !== undefined && isOfType(cause, ...types));
}
