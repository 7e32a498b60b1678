// Preloaded with `node -r`: compiles the TypeScript of this repository as it is loaded, so a program never runs a stale
// build. Compiled files are cached under the source and the compiler's options.
const { transformSync, version } = require('@swc/core');
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../../../..');
const cache = join(root, 'node_modules/.cache/palinode-swc');
const { exclude: _exclude, ...swcrc } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const options = { ...swcrc, jsc: { ...swcrc.jsc, baseUrl: root }, swcrc: false, sourceMaps: 'inline' };

require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, options, filename, source]))
    .digest('hex');
  module._compile(cached(key) ?? compile(source, filename, key), filename);
};

function cached(key) {
  try {
    return readFileSync(join(cache, key), 'utf8');
  } catch {
    return undefined;
  }
}

function compile(source, filename, key) {
  const { code } = transformSync(source, { ...options, filename });
  try {
    mkdirSync(cache, { recursive: true });
    // Written by a rename, because several processes may compile the same file at once.
    const partial = join(cache, `${key}.${process.pid}`);
    writeFileSync(partial, code);
    renameSync(partial, join(cache, key));
  } catch {
    // Without a cache it is only slower.
  }
  return code;
}
