/*
 * Loaded into every process of a profiled bench (`node --require`). The first SIGIO starts a CPU profile and the count
 * of socket writes; the second ends both and writes them to `BENCH_PROFILE`, under the number of the process. Nest's
 * shutdown hooks use SIGUSR2, and Node itself uses SIGUSR1.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { Socket } from 'node:net';
import { join } from 'node:path';

/** The profile and the socket writes of one process between the two signals. */
export interface Recording {
  /** Writes to sockets by the port at the other end; each is a system call. */
  readonly writes: Readonly<Record<string, number>>;
  readonly profile: unknown;
}

const ports = new WeakMap<Socket, number>();
let writes: Record<string, number> = {};
countWrites('_write');
countWrites('_writev');

const session = new Session();
session.connect();
let recording = false;

process.on('SIGIO', () => {
  if (!recording) {
    recording = true;
    writes = {};
    session.post('Profiler.enable');
    session.post('Profiler.start');
    return;
  }
  recording = false;
  const counted = writes;
  session.post('Profiler.stop', (error, stopped) => {
    if (error) throw error;
    const file = join(process.env['BENCH_PROFILE'] ?? '.', `${process.pid}.json`);
    // Renamed to its final name when it is complete, because the bench waits for that name.
    writeFileSync(`${file}.part`, JSON.stringify({ writes: counted, profile: stopped.profile } satisfies Recording));
    renameSync(`${file}.part`, file);
  });
});

/** Cached, because reading it is a system call. */
function portOf(socket: Socket): number | undefined {
  const port = ports.get(socket) ?? socket.remotePort;
  if (port !== undefined) ports.set(socket, port);
  return port;
}

function countWrites(method: '_write' | '_writev'): void {
  const write = Socket.prototype[method] as (...given: unknown[]) => void;
  Object.defineProperty(Socket.prototype, method, {
    value(this: Socket, ...given: unknown[]) {
      const port = portOf(this);
      if (port !== undefined) writes[port] = (writes[port] ?? 0) + 1;
      write.apply(this, given);
    },
  });
}
