import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@palinode/test-support/repository';
import type { Check } from './checks';
import { verdictOf, type Verdict } from './verdict';

export const MODELS = join(repositoryRoot, 'protocol/model');

const run = promisify(execFile);

/** The time limit of a search; each takes seconds. */
const LIMIT_MS = 300_000;

const SAFETY = { compile: ['-DSAFETY'], search: [] };
/** Acceptance cycles under weak fairness, for up to 48 processes. */
const LIVENESS = { compile: ['-DNFAIR=6'], search: ['-a', '-f'] };

/** Lets Spin generate the verifier of a model, and runs it. Needs spin and gcc. */
export async function verify({ model, shape, defines, breaks }: Check): Promise<Verdict & { seconds: number }> {
  const cwd = await mkdtemp(join(tmpdir(), 'palinode-model-'));
  const { compile, search } = model === 'saga' ? SAFETY : LIVENESS;
  const macros = [
    ...Object.entries(shape).map(([name, value]) => `-D${name}=${value}`),
    ...defines.map((d) => `-D${d}`),
  ];
  try {
    await tool('spin', [...macros, '-a', join(MODELS, `${model}.pml`)], cwd);
    // An error is found at once; only a complete search needs optimization.
    const optimise = breaks === undefined ? '-O2' : '-O0';
    await tool('gcc', [optimise, '-w', '-DNOREDUCE', '-DMEMLIM=2048', ...compile, '-o', 'pan', 'pan.c'], cwd);
    const startedAt = performance.now();
    const { stdout, stderr } = await run('./pan', ['-n', '-m1000000', ...search], { cwd, timeout: LIMIT_MS });
    return { ...verdictOf(stdout + stderr), seconds: (performance.now() - startedAt) / 1_000 };
  } finally {
    await rm(cwd, { recursive: true });
  }
}

async function tool(name: string, options: readonly string[], cwd: string): Promise<void> {
  try {
    await run(name, options, { cwd, maxBuffer: 10_000_000 });
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new Error(`${name} is missing: apt-get install spin gcc libc6-dev`, { cause: error });
    throw new Error(`${name} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
