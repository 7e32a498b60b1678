// `node stack/run.js [--no-build] PROGRAM [arguments]`: prepares, then runs a program of this repository in this process.
// The commands of package.json begin here.
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
if (process.env.npm_lifecycle_event !== undefined) endWithParent();

// npm passes a signal only to the shell between npm and this process, which ends without passing it on.
function endWithParent() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200);
  watch.unref();
}

const file = resolve(__dirname, '..', program);
process.argv = [process.argv[0], file, ...args];
require(file);
