import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './processes/left-over';

/** A file for each port that a process of this user has taken, with the process's id in it. */
const RESERVATIONS = join(tmpdir(), `palinode-ports-${userInfo().username}`);

const reserved = new Set<string>();
process.on('exit', releasePorts);

/** Lets other calls return the ports that this process has taken. Happens by itself when the process ends, except in jest. */
export function releasePorts(): void {
  for (const file of reserved) rmSync(file, { force: true });
  reserved.clear();
  try {
    rmdirSync(RESERVATIONS);
  } catch {
    // Other processes have ports.
  }
}

/**
 * A free port of the loopback address. Until this process ends, no other call returns it, in this process or in another one
 * of this user: a program that is restarted finds its port free again.
 *
 * It lies below the operating system's range for outgoing connections, for the same reason.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree(port)) && reserve(port)) return port;
  }
  throw new Error('No free port was found between 20000 and 32000 on 127.0.0.1.');
}

/** False when a process that still runs has reserved it. */
function reserve(port: number): boolean {
  const file = join(RESERVATIONS, String(port));
  mkdirSync(RESERVATIONS, { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      reserved.add(file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      if (isAlive(Number(readFileSync(file, 'utf8')))) return false;
      rmSync(file, { force: true });
    }
  }
}

/** Whether a program could listen on this port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether something accepts connections on this port of the loopback address. */
export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}
