import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

interface Stat {
  readonly parent: number;
  readonly ownTicks: number;
  readonly reapedTicks: number;
}

/** CPU time that a process and all below it have used, in milliseconds, those that have ended included. From /proc. */
export function cpuMsOf(pid: number): number {
  const stats = readAll();
  const children = new Map<number, number[]>();
  for (const [each, { parent }] of stats) children.set(parent, [...(children.get(parent) ?? []), each]);
  const sum = (each: number): number => {
    const { ownTicks, reapedTicks } = stats.get(each) ?? { ownTicks: 0, reapedTicks: 0 };
    return ownTicks + reapedTicks + (children.get(each) ?? []).reduce((total, child) => total + sum(child), 0);
  };
  return (sum(pid) * 1_000) / TICKS_PER_SECOND;
}

function readAll(): Map<number, Stat> {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(Number(name)) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  return stats;
}

function read(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, ownTicks: utime + stime, reapedTicks: cutime + cstime };
  } catch {
    return undefined;
  }
}

/** Share of the machine's time that another guest took, in percent, since it started: read twice and compare. */
export function stealTicks(): { steal: number; total: number } {
  const [, ...fields] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/);
  const ticks = fields.map(Number);
  return { steal: ticks[7] ?? 0, total: ticks.slice(0, 8).reduce((sum, each) => sum + each, 0) };
}
