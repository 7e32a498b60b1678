/** The fields of a log line beside its text, for programs. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The part of a Nest logger that the library uses; a `Logger` of `@nestjs/common` is one. */
export interface Log {
  /** What helps to find a fault. */
  debug(message: string, fields?: LogFields): void;
  /** What operators may want to know. */
  log(message: string, fields?: LogFields): void;
  /** What heals by itself, or needs attention later. */
  warn(message: string, fields?: LogFields): void;
  /** What needs attention now. */
  error(message: string, fields?: LogFields): void;
}

/** The fields without those that are undefined. */
export function definedFields(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
