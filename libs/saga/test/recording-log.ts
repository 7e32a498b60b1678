import type { Log, LogFields } from '../src/messaging';

/** Stores log lines for tests instead of printing them. */
export class RecordingLog implements Log {
  readonly lines: string[] = [];
  /** The lines that have fields, with their level and text. */
  readonly entries: LogFields[] = [];

  debug = (message: string, fields?: LogFields): void => this.record('debug', message, fields);
  log = (message: string, fields?: LogFields): void => this.record('log', message, fields);
  warn = (message: string, fields?: LogFields): void => this.record('warn', message, fields);
  error = (message: string, fields?: LogFields): void => this.record('error', message, fields);

  /** The lines of this name, oldest first. */
  named(event: string): LogFields[] {
    return this.entries.filter((entry) => entry['event'] === event);
  }

  private record(level: string, text: string, fields: unknown): void {
    this.lines.push(text);
    // A Nest logger gets the context as its last argument.
    if (typeof fields === 'object' && fields !== null) this.entries.push({ level, text, ...fields });
  }
}
