import { setMaxListeners } from 'node:events';

/**
 * Runs work with a signal that aborts after this time (a `TimeoutError`), or when the outer signal aborts (its reason).
 * The work must end when its signal aborts; its result or error is passed on.
 *
 * `AbortSignal.any([outer, AbortSignal.timeout(ms)])` must not be used for this: Node 20 garbage-collects its sources,
 * and then it never aborts. Here the timer keeps the controller until the work has ended.
 */
export async function withTimeout<T>(
  timeoutMs: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort(outer.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`No end within ${timeoutMs} ms.`, 'TimeoutError')),
    timeoutMs,
  );
  // Many calls share one outer signal, so each removes its listener.
  setMaxListeners(0, outer);
  outer.addEventListener('abort', stop, { once: true });
  try {
    if (outer.aborted) stop();
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  }
}
