import { publishedPackages } from '@palinode/test-support/packages/packages';
import { repositoryRoot, runTypescript } from '@palinode/test-support/repository';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('npm run reference', () => {
  const folder = mkdtempSync(join(tmpdir(), 'palinode-reference-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  it('documents everything that the packages export, without a warning', () => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['-r', runTypescript, 'stack/src/reference.ts', '--output', folder],
      { cwd: repositoryRoot, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
    );
    expect({ stdout, stderr }).toEqual({ stdout: `${join(folder, 'index.html')}\n`, stderr: '' });
    const modules = readFileSync(join(folder, 'modules.html'), 'utf8');
    for (const { name } of publishedPackages()) expect(modules).toContain(name);
  });
});
