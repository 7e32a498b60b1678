import type { Problem } from './problem';

const rejections = new WeakMap<object, Problem>();

/** Keeps why a request is rejected beside it, because body parsers rewrite the errors that they catch. */
export function rejectRequest(request: object, problem: Problem): void {
  rejections.set(request, problem);
}

export function rejectionOf(request: object): Problem | undefined {
  return rejections.get(request);
}
