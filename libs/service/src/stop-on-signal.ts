import type { INestApplication } from '@nestjs/common';

const PATIENCE_MS = 10_000;

/**
 * Stops the application on SIGTERM and SIGINT, and with PALINODE_WITH_PARENT=1 when its parent has gone (its standard input
 * ends). Nest closes HTTP and consumers first and the database last; whoever does not come to an end is left behind.
 */
export function stopOnSignal(app: INestApplication): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => exit(`The service did not stop within ${PATIENCE_MS} ms.`), PATIENCE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => exit(`The service did not stop cleanly: ${String(error)}`),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.env['PALINODE_WITH_PARENT'] === '1') {
    process.stdin.on('end', stop);
    process.stdin.on('error', stop);
    process.stdin.resume();
  }
}

function exit(message: string): void {
  console.error(message);
  process.exit(1);
}
