/* The resources that processes and the machine have used so far. Reads /proc, so it needs Linux. */
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { mapValues } from './quantile';

/** Processes by role. */
export type Pids = Readonly<Record<string, number>>;

const MS_PER_TICK = 10;

interface Process {
  readonly parent: number;
  readonly ticks: number;
}

/** CPU time of each process and its descendants in milliseconds, including ended ones. */
export function cpuMsOf(pids: Pids): Record<string, number> {
  const processes = runningProcesses();
  return mapValues(pids, (pid) => sumOverTree(processes, pid, (each) => processes.get(each)?.ticks ?? 0) * MS_PER_TICK);
}

/** Memory of each process and its descendants in MB, with shared memory counted once. */
export function memoryMbOf(pids: Pids): Record<string, number> {
  const processes = runningProcesses();
  return mapValues(pids, (pid) => sumOverTree(processes, pid, proportionalKb) / 1_024);
}

/** The machine's CPU time, and the part that other guests took (steal). */
export function stealTicks(): { steal: number; total: number } {
  const [, ...fields] = (read('/proc/stat').split('\n')[0] ?? '').split(/\s+/);
  const ticks = fields.map(Number);
  return { steal: ticks[7] ?? 0, total: ticks.slice(0, 8).reduce((sum, each) => sum + each, 0) };
}

/** The percentage of the machine's CPU time that other guests took since then. */
export function stolenPercentSince(before: ReturnType<typeof stealTicks>): number {
  const now = stealTicks();
  return (100 * (now.steal - before.steal)) / (now.total - before.total);
}

/** The machine and the versions, for reports. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, Linux ${release()}, Node ${process.version}`;
}

function sumOverTree(processes: ReadonlyMap<number, Process>, root: number, of: (pid: number) => number): number {
  const children = [...processes].filter(([, { parent }]) => parent === root);
  return children.reduce((sum, [child]) => sum + sumOverTree(processes, child, of), of(root));
}

function runningProcesses(): Map<number, Process> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.map((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      // After the name, which may contain spaces: the state, the parent, and later the user and system time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = fields.slice(11, 15).reduce((sum, each) => sum + Number(each), 0);
      return [Number(pid), { parent: Number(fields[1]), ticks }];
    }),
  );
}

function proportionalKb(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Empty for a process that has ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
