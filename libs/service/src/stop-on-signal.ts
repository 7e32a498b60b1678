import type { INestApplication } from '@nestjs/common';

/** How long a service may take to stop before its process exits. */
export const STOP_TIMEOUT_MS = 10_000;

/**
 * Stops the application on SIGTERM and SIGINT, and with PALINODE_WITH_PARENT=1 when its parent is gone (its standard input
 * ends). Nest closes HTTP and consumers first and the database last; after a timeout the process exits anyway. An
 * application that is still starting, such as while it waits for its database, has nothing to close. Returns whether it is
 * stopping.
 */
export function stopOnSignal(starting: Promise<Pick<INestApplication, 'close'>>): () => boolean {
  let stopping = false;
  let app: Pick<INestApplication, 'close'> | undefined;
  starting.then(
    (started) => (app = started),
    () => undefined,
  );
  let orphaned = false;
  const end = (code: number, message?: string): void => {
    // The output has no reader, and the logger would keep writing to the broken pipe at exit.
    if (orphaned) process.kill(process.pid, 'SIGKILL');
    if (message !== undefined) console.error(message);
    process.exit(code);
  };
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => end(1, `The service did not stop within ${STOP_TIMEOUT_MS} ms.`), STOP_TIMEOUT_MS).unref();
    (app?.close() ?? Promise.resolve()).then(
      () => end(0),
      (error: unknown) => end(1, `The service did not stop cleanly: ${String(error)}`),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.env['PALINODE_WITH_PARENT'] === '1') {
    const stopAlone = (): void => {
      orphaned = true;
      stop();
    };
    process.stdin.on('end', stopAlone);
    process.stdin.on('error', stopAlone);
    process.stdin.resume();
  }
  return () => stopping;
}
