import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';

it('the types of the console are those of the APIs', () => {
  // A process of its own: jest cannot load what reads the documents.
  const types = join(repositoryRoot, 'dist/stack/src/console/types.js');
  const { status, stderr } = spawnSync(process.execPath, [types, '--check'], { cwd: repositoryRoot, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
