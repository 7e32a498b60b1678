import { existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DOCUMENT, documentPath, SHIPPED, shippedPath, toYaml } from './document-file';
import { shopDocument, shopVersion } from './shop';

/**
 * `npm run asyncapi`: writes the document of the contracts and definitions as they are now. With `-- --ship` it also keeps a
 * copy under the version of this release, with which later releases must get along.
 */
function main(): void {
  const { ship } = parseArgs({ options: { ship: { type: 'boolean', default: false } } }).values;
  const text = toYaml(shopDocument());
  writeFileSync(documentPath, text);
  console.log(`wrote ${DOCUMENT}`);
  if (ship) keepAsShipped(text);
}

function keepAsShipped(text: string): void {
  const version = shopVersion();
  if (existsSync(shippedPath(version))) {
    console.error(`${SHIPPED}/${version}.yaml is there: count up the version in package.json before the next release.`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(shippedPath(version), text);
  console.log(`wrote ${SHIPPED}/${version}.yaml`);
}

main();
