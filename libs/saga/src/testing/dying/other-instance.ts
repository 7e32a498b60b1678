import { join, resolve } from 'node:path';
import { Child } from '../../../../../stack/src/process/child';
import { waitUntil } from '../../../../../stack/src/wait-until';
import type { Command } from '../../contract';

/** Another instance of the sample participant, in a process of its own, that has these commands and cannot come to an end. */
export async function otherInstance(databaseUrl: string, commands: readonly Command[]): Promise<Child> {
  const program = [join(__dirname, 'holding.ts'), databaseUrl, JSON.stringify(commands)];
  const child = await Child.start(process.execPath, ['-r', join(__dirname, 'run-typescript.js'), ...program], {
    name: 'another instance',
    directory: resolve(__dirname, '../../../../..'),
    guarded: true,
  });
  await waitUntil('the other instance to hold its transaction open', () => {
    if (!child.isRunning) throw new Error(child.lastLines());
    return child.lastLines().includes('holding');
  });
  return child;
}
