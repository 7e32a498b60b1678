/* Clients of the live stream in a process of their own, so that their work is not counted as the orchestrator's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AdminStreams,
  ChangedSagas,
  ChangeReader,
  SagaSearch,
  summaryOf,
  STREAM_EVENTS,
  StreamEventReader,
  StreamQuery,
} from '@palinode/saga/internal';
import { Logger } from '@nestjs/common';
import type { SagaDatabase } from './saga-database';

/** Connects to a port so many times, reads everything, and says how many bytes it has read when asked. */
const CLIENTS = `
  const { connect } = require('node:net');
  const [port, count] = process.argv.slice(1).map(Number);
  let bytes = 0;
  let begun = 0;
  const sockets = Array.from({ length: count }, () => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\\r\\nhost: bench\\r\\n\\r\\n'));
    socket.once('data', () => (begun += 1) === count && process.send('begun'));
    socket.on('data', (data) => (bytes += data.length));
    return socket;
  });
  process.once('message', () => {
    for (const socket of sockets) socket.destroy();
    process.send(bytes);
  });
  process.once('disconnect', () => process.exit());`;

/** Runs the work while so many clients follow all sagas of the database; also returns how many bytes they read. */
export async function whileFollowed<T>(
  database: SagaDatabase,
  count: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  if (count === 0) return { result: await work(), bytes: 0 };
  const { store } = database;
  const events = new StreamEventReader(
    new ChangedSagas(new SagaSearch(store), { of: async (sagas) => sagas.map((saga) => summaryOf(saga, undefined)) }),
    { find: unused },
    { read: async () => [] },
  );
  const streams = new AdminStreams({ reader: new ChangeReader(store), events, log: new Logger('stream'), most: count });
  const query = Object.assign(new StreamQuery(), { events: [...STREAM_EVENTS] });
  const server = createServer((_, response) => streams.follow(query, undefined, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const clients = spawn(process.execPath, ['-e', CLIENTS, String(port), String(count)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    await once(clients, 'message');
    const result = await work();
    const ended = once(clients, 'message') as Promise<[number]>;
    clients.send('end');
    return { result, bytes: (await ended)[0] };
  } finally {
    await streams.beforeApplicationShutdown();
    if (clients.connected) clients.disconnect();
    server.closeAllConnections();
    server.close();
  }
}

function unused(): never {
  throw new Error('No client follows a single saga.');
}
