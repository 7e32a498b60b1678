// Runs before anything of the project can be imported, so it uses nothing but Node: installs what the lock file names
// when node_modules does not match it, and builds when asked to.
const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const stamp = join(root, 'node_modules', '.palinode-lock');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Palinode needs Node 20.19 or later; this is ${process.version}. Install a newer Node and try again.`);
  process.exit(1);
}

/** Names a phase with its time; ends the process with the command's output when it fails. */
function phase(name, command, args) {
  const startedAt = Date.now();
  process.stdout.write(`${name.padEnd(28)}`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(`failed\n${stdout}${stderr}`);
    process.exit(status ?? 1);
  }
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  phase('install', 'npm', ['ci']);
  writeFileSync(stamp, lock);
}
if (process.argv.includes('--build')) {
  phase('build', 'npx', ['nest', 'build', 'orchestrator']);
  removeStale();
}

/** Removes what earlier builds left of sources that are gone or no longer built; files in use stay as they are. */
function removeStale() {
  const { exclude } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  const isBuilt = (source) => existsSync(join(root, source)) && !exclude.some((each) => new RegExp(each).test(source));
  for (const file of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const source = file.replaceAll('\\', '/').replace(/\.js(\.map)?$/, '.ts');
    if (/\.js(\.map)?$/.test(file) && !isBuilt(source)) rmSync(join(root, 'dist', file), { force: true });
  }
}
