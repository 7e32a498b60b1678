// Runs before any module of the project can be imported, so it uses only Node.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync, rmSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');
const shell = process.platform === 'win32';

/**
 * Installs the packages of the lock file if node_modules does not match it, and builds. Ends the process on a failure.
 * PALINODE_PREPARED=1 means that the parent process has done so.
 */
function prepare({ build }) {
  if (process.env.PALINODE_PREPARED === '1') return;
  checkNode();
  if (!isInstalled()) install();
  if (!build) return;
  phase('build', 'npx', ['nest', 'build', 'orchestrator']);
  removeStale();
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Palinode needs Node 20.19 or later; this is ${process.version}. Install a newer Node and try again.`);
  process.exit(1);
}

/** Whether node_modules has every package of the lock file in its version; optional ones may be for other platforms. */
function isInstalled() {
  const installed = packagesOf('node_modules/.package-lock.json');
  const wanted = packagesOf('package-lock.json');
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

function packagesOf(file) {
  if (!existsSync(join(root, file))) return {};
  return JSON.parse(readFileSync(join(root, file), 'utf8')).packages;
}

/** Shows npm's own output on stderr, because the first time this takes minutes. */
function install() {
  const startedAt = Date.now();
  const count = Object.keys(packagesOf('package-lock.json')).length - 1;
  console.error(`${label('install')}npm ci fetches ${count} packages, which takes minutes the first time …`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell,
  });
  if (status !== 0) process.exit(status ?? 1);
  console.error(`${label('install')}${seconds(startedAt)}`);
}

/** Runs a command and prints its name and time on stderr, so that stdout is the program's own; ends the process with the command's output if it fails. */
function phase(name, command, args) {
  const startedAt = Date.now();
  process.stderr.write(label(name));
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    shell,
  });
  if (status !== 0) {
    console.error(`failed\n${stdout}${stderr}`);
    process.exit(status ?? 1);
  }
  console.error(seconds(startedAt));
}

function label(name) {
  return `${new Date().toTimeString().slice(0, 8)} ${name.padEnd(28)}`;
}

function seconds(startedAt) {
  return `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
}

/** Removes the output of sources that were deleted or are no longer built; other files stay unchanged. */
function removeStale() {
  const { exclude } = JSON.parse(readFileSync(join(root, '.swcrc'), 'utf8'));
  const isBuilt = (source) => existsSync(join(root, source)) && !exclude.some((each) => new RegExp(each).test(source));
  for (const built of readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' })) {
    const file = built.replaceAll('\\', '/');
    // The console is built by Vite, in a folder beside that of its pages, and then replaces them.
    if (file.startsWith('libs/console/static')) continue;
    const source = file.replace(/\.js(\.map)?$/, '.ts');
    if (/\.js(\.map)?$/.test(file) && !isBuilt(source)) rmSync(join(root, 'dist', file), { force: true });
  }
}

module.exports = { prepare };
