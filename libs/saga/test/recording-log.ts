import type { Log } from '../src/messaging';

/** Stores log lines for tests instead of printing them. */
export class RecordingLog implements Log {
  readonly lines: string[] = [];

  log(message: string): void {
    this.lines.push(message);
  }

  warn(message: string): void {
    this.lines.push(message);
  }

  error(message: string): void {
    this.lines.push(message);
  }
}
