/** Why nothing was generated; its message names what is wrong and the remedy. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
}
