/* A workspace from the tarballs, with all that `palinode generate` adds: built, checked, tested, and run. */
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { composeProblems } from '@palinode/test-support/compose-problems';
import { KubernetesTools } from '@palinode/test-support/kubernetes/kubernetes-tools';
import { publishedPackages } from '@palinode/test-support/packages/packages';
import { accepts, freePort } from '@palinode/testing-support/ports';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Project, type Running } from './project';

const GENERATED = [
  ['participant', 'shipping'],
  ['command', 'shipping.book-parcel', '--reply', '--refusal', 'address-unknown', '--compensation', 'cancel-parcel'],
  ['saga', 'return-order', '--participant', 'shipping'],
  ['subscriber', 'newsletter'],
];

let place: string;
let project: Project;
const ports: Record<string, number> = {};

const path = (file: string): string => join(project.directory, file);
const read = (file: string): string => readFileSync(path(file), 'utf8');

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'palinode-create-'));
  const { tarball } = publishedPackages().find(({ name }) => name === 'create-palinode')!;
  const create = ['exec', '--yes', `--package=${tarball}`, '--', 'create-palinode', 'book-club'];
  await new Project(place).run('npm', ...create, '--tarballs', dirname(tarball));
  project = new Project(join(place, 'book-club'));
  for (const args of GENERATED) await project.run('palinode', 'generate', ...args);
  await useFreePorts();
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** The usual ports may be taken on this machine. */
async function useFreePorts(): Promise<void> {
  let services = read('src/dev/services.ts');
  for (const [, name = '', usual = ''] of services.matchAll(/^ {2}(\w+): (\d+),$/gm)) {
    ports[name] = await freePort();
    services = services.replace(`${name}: ${usual}`, `${name}: ${ports[name]}`);
  }
  writeFileSync(path('src/dev/services.ts'), services);
}

const services = ['orchestrator', 'orders', 'inventory', 'payments', 'shipping', 'newsletter'];

it('is formatted and lint-clean, and compiles', async () => {
  expect(Object.keys(ports)).toEqual(services);
  await project.run('npm', 'run', 'format:check');
  await project.run('npm', 'run', 'lint');
  await project.run('npm', 'run', 'types');
});

it('passes its tests', async () => {
  expect(await project.run('npm', 'test')).toContain('Test Files  3 passed (3)');
});

it('has a Docker Compose file that names its services', () => {
  const compose = read('docker-compose.yml');
  expect(composeProblems(compose)).toEqual([]);
  for (const name of services) expect(compose).toContain(`command: ['node', 'dist/${name}/main.js']`);
});

describeWhenAvailable('its manifests for Kubernetes', KubernetesTools.missing(), () => {
  it('are valid, and deploy its services', async () => {
    const tools = await KubernetesTools.fetched();
    const manifests = tools.render(path('deploy/kubernetes'));
    expect(tools.problems(manifests)).toEqual([]);
    const deployed = parseAllDocuments(manifests)
      .map((document) => document.toJS() as { kind: string; metadata: { name: string } })
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata }) => metadata.name);
    expect(deployed.toSorted()).toEqual(services.toSorted());
  });
});

it('changes nothing in a dry run, nor when it cannot generate', async () => {
  const before = read('src/shipping/shipping.commands.ts');
  expect(await project.run('palinode', 'generate', 'command', 'shipping.weigh-parcel', '--dry-run')).toContain(
    'change  src/shipping/shipping.commands.ts',
  );
  await expect(project.run('palinode', 'generate', 'command', 'shipping.book-parcel')).rejects.toThrow(
    'src/contracts/shipping.ts exports bookParcel already. Choose another name.',
  );
  expect(read('src/shipping/shipping.commands.ts')).toBe(before);
});

describe('npm start', () => {
  let running: Running;

  beforeAll(async () => {
    running = project.start('npm', 'start');
    await waitUntil('all services are ready', () => running.output.includes('All services are ready'));
  });
  afterAll(() => running.interrupt());

  const waitFor = <T>(what: string, condition: () => Promise<T | false>): Promise<T> =>
    waitUntil(what, () => {
      running.assertRunning();
      return condition();
    });

  async function request(service: string, route: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${ports[service]}/${route}`, {
      ...(body && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  async function place(order: { sku: string; quantity: number; cardToken: string }): Promise<Record<string, unknown>> {
    const { orderId } = await request('orders', 'orders', order);
    return waitFor('the order has an outcome', async () => {
      const placed = await request('orders', `orders/${String(orderId)}`);
      return placed['status'] !== 'PENDING' && placed;
    });
  }

  const teapots = async (): Promise<unknown> => (await request('inventory', 'stock/teapot'))['available'];

  it('runs an order', async () => {
    expect(await place({ sku: 'mug', quantity: 2, cardToken: 'tok_ok' })).toMatchObject({ status: 'APPROVED' });
  });

  it('compensates an order whose card is declined', async () => {
    const order = await place({ sku: 'teapot', quantity: 1, cardToken: 'tok_declined' });
    expect(order).toMatchObject({ status: 'REJECTED', reason: 'card-declined' });
    expect(await teapots()).toBe(1);
    // The order knows it before its saga has the reply to that.
    await waitFor('the saga to be compensated', async () => {
      const { items } = await request('orchestrator', 'v1/sagas?status=COMPENSATED');
      return (items as unknown[]).length === 1;
    });
  });

  it('restarts a service whose source changes', async () => {
    const controller = read('src/inventory/stock.controller.ts');
    writeFileSync(
      path('src/inventory/stock.controller.ts'),
      controller.replace('There is no stock', 'We know nothing'),
    );
    await waitFor('the inventory service has the change', async () => {
      const { message } = await request('inventory', 'stock/none');
      return String(message).startsWith('We know nothing');
    });
    expect(running.output.match(/\[orders *\].*successfully started/g)).toHaveLength(2);
  });

  it('ends all services on one Ctrl-C', async () => {
    await running.interrupt();
    for (const port of Object.values(ports)) expect(await accepts(port)).toBe(false);
  });
});
