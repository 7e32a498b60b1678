import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from './request';

async function withServer(answer: RequestListener, work: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('a request of the command line', () => {
  it('ends when the service is silent, and says that it may have acted', async () => {
    await withServer(
      () => {},
      async (origin) => {
        const asked = request('orchestrator', `${origin}/v1/sagas`, { method: 'POST' }, 20);
        await expect(asked).rejects.toThrow(
          `The orchestrator at ${origin} has not answered for 0.02 s. Look whether it has acted before you try again.`,
        );
        const read = request('orchestrator', `${origin}/v1/sagas`, { method: 'GET' }, 20);
        await expect(read).rejects.toThrow(/has not answered for 0\.02 s\.$/);
      },
    );
  });

  it('names the address at which nothing listens', async () => {
    let gone = '';
    await withServer(
      () => {},
      async (origin) => void (gone = origin),
    );
    await expect(request('order service', gone, { method: 'GET' })).rejects.toThrow(
      new RegExp(`^No order service answers at ${gone}: .*ECONNREFUSED`),
    );
  });
});
