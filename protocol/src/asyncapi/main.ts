import { existsSync, writeFileSync } from 'node:fs';
import { commandLine } from '@palinode/test-support/command-line';
import { documentFiles, pathOf, shippedFile, SHOP, toYaml } from './document-file';
import { shopVersion } from './shop';

/**
 * `npm run asyncapi`: writes the documents of the present contracts and definitions. With `-- --ship` it also keeps a
 * copy under the version of this release, with which later releases must be compatible.
 */
function main(): void {
  const { ship } = commandLine('npm run asyncapi --', 'Writes the documents of the present contracts and definitions.')
    .option('--ship', 'also keep a copy under the version of this release', false)
    .parse()
    .opts();
  for (const { file, make } of documentFiles) write(file, toYaml(make()));
  if (ship) keepAsShipped(toYaml(SHOP.make()));
}

function keepAsShipped(text: string): void {
  const file = shippedFile(shopVersion());
  if (existsSync(pathOf(file))) {
    console.error(`${file} exists: increase the version in package.json before the next release.`);
    process.exitCode = 1;
    return;
  }
  write(file, text);
}

function write(file: string, text: string): void {
  writeFileSync(pathOf(file), text);
  console.log(`wrote ${file}`);
}

main();
