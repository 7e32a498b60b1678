/** The part of a Nest logger that the library uses; a `Logger` of `@nestjs/common` is one. */
export interface Log {
  /** What operators may want to know. */
  log(message: string): void;
  /** What heals by itself, or needs attention later. */
  warn(message: string): void;
  /** What needs attention now. */
  error(message: string): void;
}
