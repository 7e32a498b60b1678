/** A frame that is not a valid request of its type; its connection is closed. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}
