import { CliError } from '../cli-error';

/** Why nothing was generated; its message names what is wrong and the remedy. */
export class WorkspaceError extends CliError {
  override readonly name = 'WorkspaceError';
}
