import { Connection, type Client } from 'pg';

/** The properties of a `pg` connection that its types do not declare. */
interface Connected {
  readonly host?: string;
  readonly port: number;
  readonly ssl?: boolean | object;
  readonly sslNegotiation?: string;
  readonly processID: number | null;
  readonly secretKey: number | null;
}

/** Properties of a `pg` client that its types do not declare. */
interface CancelConnection {
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  on(event: string, listener: (error?: Error) => void): unknown;
  readonly stream: { destroy(): void };
}

/**
 * Asks the server to cancel the statement that this connection runs; does nothing when it runs none. The request uses a
 * short connection of its own, as the protocol requires. Unlike `pg_cancel_backend` it needs no free connection of a
 * pool, and poolers such as PgBouncer forward it to the right session. Resolves when the request was accepted or has
 * failed; only the statement's own result tells whether it was cancelled.
 */
export async function requestCancel(client: Client, withinMs: number): Promise<void> {
  const { host, port, ssl = false, sslNegotiation, processID, secretKey } = client as unknown as Connected;
  if (processID === null || secretKey === null) return;
  const config = { ssl, sslNegotiation };
  const connection = new Connection(config) as unknown as CancelConnection;
  const send = (): void => connection.cancel(processID, secretKey);
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, withinMs);
    connection.on('error', () => resolve());
    connection.on('end', () => resolve());
    connection.on('connect', () => {
      if (ssl === false) send();
      else if (sslNegotiation !== 'direct') connection.requestSsl();
    });
    connection.on('sslconnect', send);
    if (host?.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
  clearTimeout(timer);
  connection.stream.destroy();
}
