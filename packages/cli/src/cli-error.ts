/** What the user can correct: shown as its message alone. */
export class CliError extends Error {
  override readonly name: string = 'CliError';

  constructor(
    message: string,
    /** The exit code of the program. */
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
