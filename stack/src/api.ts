/* `npm run api`: writes the API reports of the published packages, for a change of the public API that is meant. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import { makeApiReports } from '@palinode/test-support/packages/api-report';
import { pack, publishedPackages } from '@palinode/test-support/packages/packages';

const target = mkdtempSync(join(repositoryRoot, 'dist/api-'));
try {
  for (const each of publishedPackages()) {
    pack(each, target);
    for (const { file, made } of makeApiReports(each.folder, join(target, 'packages', each.folder))) {
      mkdirSync(dirname(join(repositoryRoot, file)), { recursive: true });
      cpSync(made, join(repositoryRoot, file));
      console.log(file);
    }
  }
} finally {
  rmSync(target, { recursive: true, force: true });
}
