/** Past jest, which keeps what is logged until the end. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
