import type { Log } from '../src/messaging';

/** Keeps what is logged, for a test to look at, instead of printing it. */
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
