import { connect, createServer, type AddressInfo } from 'node:net';

/** A port of the loopback address that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const port = await listenBriefly(0);
  if (port === undefined) throw new Error('The operating system has no free port left on 127.0.0.1.');
  return port;
}

/** The wanted port when it is free, another free one otherwise. */
export async function portNear(wanted: number): Promise<number> {
  return (await listenBriefly(wanted)) ?? freePort();
}

/** Whether something accepts connections on this port of the loopback address. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

function listenBriefly(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const { port: bound } = server.address() as AddressInfo;
      server.close(() => resolve(bound));
    });
  });
}
