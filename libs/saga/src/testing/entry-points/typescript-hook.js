// Preloaded by a process that a test starts (`node -r`): compiles TypeScript as it is loaded, so that no stale build is run.
const { transformFileSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../../../../..');
const { exclude: _exclude, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const jsc = { ...options.jsc, baseUrl: root };

require.extensions['.ts'] = (module, file) =>
  module._compile(transformFileSync(file, { ...options, jsc, swcrc: false }).code, file);
