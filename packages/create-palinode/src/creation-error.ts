/** Why no workspace can be created; its message is for the person who wants one. */
export class CreationError extends Error {
  override readonly name = 'CreationError';
}
