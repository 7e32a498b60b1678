/** The part of a Nest logger that the library uses; a `Logger` of `@nestjs/common` is one. */
export interface Log {
  log(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
