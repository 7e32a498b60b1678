/** Prints at once; jest would keep the output until the end. */
export function printLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
