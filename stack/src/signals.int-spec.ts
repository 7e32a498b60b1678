/* Supervisors, IDEs and containers signal only the npm process; everything that it started must end with it. */
import { isAlive } from '@palinode/testing-support/processes/left-over';
import { repositoryRoot, stateDirectory } from '@palinode/test-support/repository';
import { GiveUp, waitUntil } from '@palinode/testing-support/wait-until';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { scripts } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
const description = join(stateDirectory, 'stack.json');

interface Described {
  readonly pid: number;
  readonly services: Record<string, { readonly pid: number }>;
}

describe('the commands of package.json that run a program', () => {
  it.each(Object.entries(scripts).filter(([, line]) => line.includes('stack/run.js')))(
    'runs the program of npm run %s in one process',
    (_, line) => {
      expect(line).toMatch(/^node stack\/run\.js (--no-build )?[^&|;]+$/);
    },
  );
});

describe('npm start', () => {
  it('ends everything when npm alone gets SIGTERM', async () => {
    if (existsSync(description)) throw new Error(`A stack runs in ${stateDirectory}: stop it, and test again.`);
    const npm = spawn('npm', ['start'], { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    let printed = '';
    npm.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    try {
      await waitUntil('the stack to be up', () => {
        if (npm.exitCode !== null) throw new GiveUp(printed);
        return existsSync(description);
      });
      const { pid, services } = JSON.parse(readFileSync(description, 'utf8')) as Described;
      const pids = [pid, ...Object.values(services).map((service) => service.pid)];
      expect(pids.filter(isAlive)).toEqual(pids);
      process.kill(npm.pid as number, 'SIGTERM');
      await waitUntil('all processes to end', () => [npm.pid as number, ...pids].every((each) => !isAlive(each)));
      expect(existsSync(description)).toBe(false);
    } finally {
      if (existsSync(description))
        process.kill((JSON.parse(readFileSync(description, 'utf8')) as Described).pid, 'SIGTERM');
      if (npm.exitCode === null && npm.signalCode === null) process.kill(-(npm.pid as number), 'SIGKILL');
    }
  });
});
