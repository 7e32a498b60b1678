/* The production image contains no faults on demand, and starts without them. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { serviceNames } from '@palinode/test-support/shop/services';
import { buildConsole } from '@palinode/test-support/shop/console-pages';
import { repositoryRoot } from '@palinode/test-support/repository';

let image: string;
let files: readonly string[];

/** Copies the build as the Dockerfile does, without the files that it removes. */
beforeAll(async () => {
  await buildConsole();
  const dockerfile = readFileSync(join(repositoryRoot, 'Dockerfile'), 'utf8');
  image = mkdtempSync(join(tmpdir(), 'palinode-image-'));
  for (const [, from = '', to = ''] of dockerfile.matchAll(/^COPY --from=build \/palinode\/(\S+) (\S+)$/gm))
    cpSync(join(repositoryRoot, from), join(image, to === '.' ? from : to), { recursive: true });
  const removed = [...dockerfile.matchAll(/rm -rf (.+)$/gm)].flatMap(([, paths = '']) => paths.split(' '));
  expect(removed.length).toBeGreaterThan(0);
  for (const path of removed) rmSync(join(image, path), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules'), join(image, 'node_modules'));
  files = readdirSync(join(image, 'dist'), { recursive: true, encoding: 'utf8' }).filter(
    (file) => extname(file) !== '',
  );
});

afterAll(() => rmSync(image, { recursive: true, force: true }));

const run = (script: string, environment: NodeJS.ProcessEnv = {}): { status: number | null; stderr: string } =>
  spawnSync(process.execPath, ['-e', script], {
    cwd: image,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', ...environment },
  });

it('the production image contains the built pages of the console', () => {
  expect(files).toContain('libs/console/static/index.html');
});

it('the production image contains the built services', () => {
  for (const service of serviceNames) expect(files).toContain(`apps/${service}/src/main.js`);
});

it('the production image contains compiled apps and libraries, and no test code', () => {
  const code = /^(apps\/[a-z]+|libs\/(console|contracts|saga|service))\/src\/.+\.(js|js\.map|proto)$/;
  const pages = /^libs\/console\/static\/(index\.html|assets\/[^/]+\.(js|css|svg)(\.br|\.gz)?)$/;
  const forTests = /\/(test|testing|internal)\/|\.(spec|int-spec|e2e-spec|types)\.|mutant|seeded|simulator|fixture/;
  expect(files.filter((file) => !(code.test(file) || pages.test(file)) || forTests.test(file))).toEqual([]);
});

it('the production image contains no code for faults on demand', () => {
  const trace = /FaultEngine|FaultConsole|fault_hit|fault_rule|v1\/faults/;
  const traces = files.filter(
    (file) => /\/src\/.*\.js$/.test(file) && trace.test(readFileSync(join(image, 'dist', file), 'utf8')),
  );
  expect(traces).toEqual([]);
  expect(files.filter((file) => file.startsWith('libs/saga/src/faults/'))).toEqual([]);
});

it.each([...serviceNames])('the production image loads the %s service without faults on demand', (service) => {
  const script = `require('./dist/apps/${service}/src/${service === 'orchestrator' ? 'orchestrator-app' : service}.module.js')`;
  expect(run(`require('reflect-metadata'); ${script}; process.exit(0)`)).toMatchObject({ status: 0, stderr: '' });
});

it('the production image fails to start with faults on demand', () => {
  const { status, stderr } = run(`require('./dist/apps/payment/src/main.js')`, {
    FAULTS_URL: 'http://127.0.0.1:3000',
    DATABASE_URL: 'postgres://127.0.0.1:1/payment',
    KAFKA_BROKERS: '127.0.0.1:1',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('FAULTS_URL must not be set with NODE_ENV=production');
});
