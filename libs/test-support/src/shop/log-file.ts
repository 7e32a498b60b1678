import { createWriteStream, type WriteStream } from 'node:fs';

/** The output of a process as a file, begun anew. A directory that cannot be written to costs the log alone. */
export class LogFile {
  private readonly stream: WriteStream;

  constructor(path: string) {
    this.stream = createWriteStream(path);
    this.stream.on('error', () => {});
  }

  readonly write = (line: string): void => {
    this.stream.write(`${line}\n`);
  };

  end(): void {
    this.stream.end();
  }
}
