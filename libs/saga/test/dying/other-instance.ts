import { join } from 'node:path';
import { Child } from '@palinode/testing-support/processes/child';
import { repositoryRoot, runTypescript } from '@palinode/test-support/repository';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../../src/contract';

/** Another instance of the sample participant, in a process of its own, that blocks while it handles these commands. */
export async function otherInstance(databaseUrl: string, commands: readonly Command[]): Promise<Child> {
  const program = [join(__dirname, 'holding.ts'), databaseUrl, JSON.stringify(commands)];
  const child = await Child.start(process.execPath, ['-r', runTypescript, ...program], {
    name: 'another instance',
    directory: repositoryRoot,
    guarded: true,
  });
  await waitUntil('the other instance to hold its transaction open', () => {
    if (!child.isRunning) throw new Error(child.lastLines());
    return child.lastLines().includes('holding');
  });
  return child;
}
