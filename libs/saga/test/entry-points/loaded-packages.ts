/* Loads what a saga definition and its test need, and prints the packages that this has loaded. */
import '@palinode/saga/contract';
import '@palinode/saga/definition';
import '@palinode/saga/testing';

const packages = Object.keys(require.cache).flatMap((file) => {
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file.replaceAll('\\', '/')) ?? [];
  return name === undefined ? [] : [name];
});
process.stdout.write(JSON.stringify([...new Set(packages)].toSorted()));
