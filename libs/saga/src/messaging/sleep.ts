/** Waits before the n-th try again: 100 ms, doubling up to 5 s. Ends early when the signal does. */
export async function backoff(failures: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(5_000, 100 * 2 ** Math.min(failures, 10)), signal);
}

/** Waits, or ends early when the signal does. */
export async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
