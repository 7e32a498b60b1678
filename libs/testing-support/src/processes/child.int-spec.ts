import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import { waitUntil } from '../wait-until';
import { Child } from './child';
import { isAlive } from './left-over';

const node = (script: string) => ['-e', script];
const forever = 'setInterval(() => {}, 1000)';

describe('a child process', () => {
  it('reports its last lines and its exit code or signal', async () => {
    const script = 'console.log("one"); console.error("two"); process.exit(3)';
    const child = await Child.start(process.execPath, node(script), { name: 'child' });
    expect(await child.ended).toEqual({ code: 3, signal: null });
    expect(child.lastLines().split('\n').toSorted()).toEqual(['one', 'two']);
  });

  it('is killed when it ignores SIGTERM', async () => {
    const script = `process.on("SIGTERM", () => {}); console.log("deaf"); ${forever}`;
    const child = await Child.start(process.execPath, node(script), { name: 'child' });
    await waitUntil('the child to ignore SIGTERM', () => child.lastLines() === 'deaf');
    expect(await child.stop({ graceMs: 50 })).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('fails with the program’s name when it cannot be started', async () => {
    await expect(Child.start('no-such-program', [], { name: 'Maven' })).rejects.toThrow('Maven cannot be started');
  });

  it('ends when its parent is killed, if it is guarded', async () => {
    const built = JSON.stringify(join(repositoryRoot, 'dist/libs/testing-support/src/processes/child.js'));
    const start = `Child.start(process.execPath, ['-e', '${forever}'], { name: 'child', guarded: true })`;
    const script = `const { Child } = require(${built}); ${start}.then((child) => console.log(child.pid))`;
    const parent = spawn(process.execPath, node(script), { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await waitUntil('the child to end', () => !isAlive(Number(pid)));
  });
});
