// Preloaded by a child process of a test (`node -r`): its sources are compiled as they are loaded, so it never runs a stale build.
const { transformFileSync } = require('@swc/core');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '../../../../..');
const { exclude: _exclude, ...options } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
const jsc = { ...options.jsc, baseUrl: root };

require.extensions['.ts'] = (module, file) =>
  module._compile(transformFileSync(file, { ...options, jsc, swcrc: false, sourceMaps: 'inline' }).code, file);
