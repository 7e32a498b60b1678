/** A class whose instances are `T`. */
// oxlint-disable-next-line typescript/no-explicit-any -- a class is recognised whatever its constructor takes
export type Class<T extends object> = new (...args: any[]) => T;

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;
