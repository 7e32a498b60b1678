/** Waits before retry n: 100 ms, doubling up to 5 s. Ends early when the signal aborts. */
export async function backoff(failures: number, signal: AbortSignal): Promise<void> {
  await sleep(Math.min(5_000, 100 * 2 ** Math.min(failures, 10)), signal);
}

/** Waits; ends early when the signal aborts. */
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
