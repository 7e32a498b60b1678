/** Whether an error of kafkajs, or one of its causes, has one of these types of Kafka's protocol. */
export function isOfType(error: unknown, ...types: readonly string[]): boolean {
  const {
    type,
    cause,
    errors = [],
  } = Object(error) as { type?: unknown; cause?: unknown; errors?: readonly unknown[] };
  return (
    types.includes(type as string) || [cause, ...errors].some((each) => each !== undefined && isOfType(each, ...types))
  );
}
