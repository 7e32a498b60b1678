/* A measured system: bare statements, sagas with a broker, or a peer. Each runs in separate processes. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Pids } from '../measure/processes';
import type { LoadOptions, LoadResult } from './load';

export interface Target {
  readonly name: string;
  /** The processes whose CPU counts, by role; PostgreSQL is counted for all. */
  readonly pids: Pids;
  /** The servers by port, for the count of socket writes. */
  readonly ports?: Readonly<Record<string, string>>;
  load(options: LoadOptions): Promise<LoadResult>;
  /** The broken invariants after this many sagas. */
  check(sagas: number): Promise<string[]>;
  stop(): Promise<void>;
}

/** `directory` is for the target's files, and is deleted after the run. */
export type StartTarget = (adminUrl: string, directory: string) => Promise<Target>;

/** Starts a program and resolves when it reports that it is ready. Paths are relative to this folder. */
export async function startProcess(
  program: string,
  args: string[],
  environment: Record<string, string>,
): Promise<ChildProcess> {
  const child = fork(resolve(__dirname, program), args, {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ${args.join(' ')} ended with ${String(code)} before it was ready`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}

export async function driveLoad(child: ChildProcess, options: LoadOptions): Promise<LoadResult> {
  child.send(options);
  const [result] = (await once(child, 'message')) as [LoadResult];
  return result;
}

export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const deadline = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(deadline);
}
