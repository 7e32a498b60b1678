// `node stack/run.js [--no-build] PROGRAM [arguments]`: prepares, then runs a program of this repository in this process.
// The commands of package.json begin here: in one process, so that a signal to it ends what the program has started.
const { join, resolve } = require('node:path');
const { prepare } = require('./prepare');

const [, , ...given] = process.argv;
const build = given[0] !== '--no-build';
const [program, ...args] = build ? given : given.slice(1);
if (program === undefined) {
  console.error('Usage: node stack/run.js [--no-build] PROGRAM [arguments]');
  process.exit(2);
}

prepare({ build });
if (program.endsWith('.ts')) require(join(__dirname, '../libs/test-support/src/processes/run-typescript.js'));
const file = resolve(__dirname, '..', program);
process.argv = [process.argv[0], file, ...args];
require(file);
