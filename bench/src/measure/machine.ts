import { cpus, release } from 'node:os';

/** The machine and the versions that figures are printed with. */
export function machine(): string {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model ?? 'unknown CPU'}, Linux ${release()}, Node ${process.version}`;
}
