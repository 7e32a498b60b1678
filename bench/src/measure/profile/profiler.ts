/*
 * `npm run bench -- --profile DIR`: the CPU profile of each Node process under load, and how often it writes to
 * sockets.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Recording } from './recorder';
import { largest, selfTime, type CpuProfile } from './self-time';

import { join, resolve } from 'node:path';

const SHOWN = 12;

export class Profiler {
  private readonly directory: string;

  /** Must be created before the processes that it profiles are started. */
  constructor(directory: string) {
    this.directory = resolve(directory);
    mkdirSync(this.directory, { recursive: true });
    process.env['BENCH_PROFILE'] = this.directory;
    process.env['NODE_OPTIONS'] =
      `${process.env['NODE_OPTIONS'] ?? ''} --require ${join(__dirname, 'recorder.js')}`.trim();
  }

  /** Profiles the Node processes during `work`, stores their profiles and prints a summary. */
  async during<Result extends { readonly sagas: number }>(
    title: string,
    pids: Readonly<Record<string, number>>,
    ports: Readonly<Record<string, string>>,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const recorded = Object.entries(pids).filter(([, pid]) => runsNode(pid));
    for (const [, pid] of recorded) process.kill(pid, 'SIGIO');
    const result = await work();
    for (const [, pid] of recorded) process.kill(pid, 'SIGIO');
    console.error(`\n${title}: ${result.sagas} sagas, profiled, which makes them slower`);
    const all = new Map<string, number>();
    for (const [role, pid] of recorded) {
      const { writes, profile } = await this.recordingOf(pid);
      const file = join(this.directory, `${title}, ${role}.cpuprofile`.replaceAll(/[ ,%]+/g, '-'));
      writeFileSync(file, JSON.stringify(profile));
      const times = selfTime(profile as CpuProfile);
      // In the same order for any ports.
      const written = Object.entries(byPeer(writes, ports))
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([peer, count]) => `${(count / result.sagas).toFixed(3)} to ${peer}`);
      console.error(`\n${role}; socket writes a saga: ${written.join(', ') || 'none'}`);
      print('by module', times.byModule, result.sagas);
      print('by function', times.byFunction, result.sagas);
      for (const [module, ms] of times.byModule) all.set(module, (all.get(module) ?? 0) + ms);
    }
    console.error('\nall processes');
    print('by module', all, result.sagas);
    return result;
  }

  private async recordingOf(pid: number): Promise<Recording> {
    const file = join(this.directory, `${pid}.json`);
    const text = await waitUntil(`The profile of process ${pid}`, () => readFileSync(file, 'utf8'));
    rmSync(file);
    return JSON.parse(text) as Recording;
  }
}

function runsNode(pid: number): boolean {
  const [command = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return command.endsWith('node');
}

function print(title: string, times: ReadonlyMap<string, number>, sagas: number): void {
  const total = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  console.error(` ${title}, ${(total / sagas).toFixed(3)} ms a saga`);
  for (const [name, ms] of largest(times, SHOWN)) {
    const percent = ((100 * ms) / total).toFixed(1).padStart(5);
    console.error(`  ${percent} %  ${((1_000 * ms) / sagas).toFixed(1).padStart(6)} µs  ${name}`);
  }
}

/** A peer without a name has connected to this process: a client. */
function byPeer(writes: Recording['writes'], ports: Readonly<Record<string, string>>): Record<string, number> {
  const byName: Record<string, number> = {};
  for (const [port, count] of Object.entries(writes)) {
    const peer = ports[port] ?? 'clients';
    byName[peer] = (byName[peer] ?? 0) + count;
  }
  return byName;
}
