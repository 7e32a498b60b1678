import type { Problem } from './problem';

const rejections = new WeakMap<object, Problem>();

/** Stores why a request was rejected with the request, because body parsers rewrite the errors that they catch. */
export function rejectRequest(request: object, problem: Problem): void {
  rejections.set(request, problem);
}

/** The problem with which {@link rejectRequest} rejected this request; undefined when it was not. */
export function rejectionOf(request: object): Problem | undefined {
  return rejections.get(request);
}
