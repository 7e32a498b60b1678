/** A frame that does not read as the request it claims to be; the connection that sent it is closed. */
export class MalformedRequestError extends Error {
  override readonly name = 'MalformedRequestError';
}
