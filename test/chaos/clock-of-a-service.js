/* Preloaded into a service: shifts its clock by the milliseconds in a file, which is read again at SIGUSR2. */
const { readFileSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');

const RealDate = Date;
// dist/apps/NAME/src/main.js
const file = join(process.env.CLOCKS, basename(dirname(dirname(process.argv[1] ?? '/none/src/main.js'))));
let offMs = 0;

const now = () => RealDate.now() + offMs;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, given, as) => Reflect.construct(target, given.length > 0 ? given : [now()], as),
  apply: () => new Date().toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

/** Writes the present time of the clock to a second file, so that tests can verify it. */
function set() {
  try {
    offMs = Number(readFileSync(file, 'utf8'));
  } catch {
    offMs = 0;
  }
  writeFileSync(`${file}.${process.pid}`, String(Date.now()));
}

process.on('SIGUSR2', set);
set();
