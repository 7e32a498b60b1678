import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from '@palinode/test-support/repository';
import { Workspace } from '../workspace/workspace';
import { addCommand } from './command';
import { addParticipant } from './participant';
import { addSaga } from './saga';
import { addSubscriber } from './subscriber';

const TEMPLATE = join(repositoryRoot, 'packages/create-palinode/template');

let root: string;
let workspace: Workspace;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'palinode-generate-'));
  cpSync(TEMPLATE, root, { recursive: true });
  workspace = Workspace.around(join(root, 'src'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const paths = (kind: 'create' | 'change'): string[] =>
  workspace
    .changes()
    .filter((change) => change.kind === kind)
    .map(({ path }) => path)
    .toSorted();

function spoil(path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(root, path), text.replace(from, to));
}

describe('a participant', () => {
  it('is a service that npm start, Docker Compose and Kubernetes run', () => {
    addParticipant(workspace, 'gift-cards');
    expect(paths('create')).toEqual([
      'deploy/kubernetes/gift-cards.yaml',
      'src/gift-cards/gift-cards.commands.ts',
      'src/gift-cards/gift-cards.module.ts',
      'src/gift-cards/main.ts',
    ]);
    expect(workspace.read('src/dev/services.ts')).toContain("'gift-cards': 3004,");
    expect(workspace.read('docker-compose.yml')).toContain(
      'DATABASES: orchestrator orders inventory payments gift-cards\n',
    );
    expect(workspace.read('docker-compose.yml')).toContain("ports: ['127.0.0.1:3004:3004']\n\nvolumes:");
    expect(workspace.read('deploy/kubernetes/kustomization.yaml')).toContain(
      '  - payments.yaml\n  - gift-cards.yaml\n',
    );
  });

  it('needs no Docker Compose and no Kubernetes', () => {
    rmSync(join(root, 'docker-compose.yml'));
    rmSync(join(root, 'deploy'), { recursive: true });
    addParticipant(workspace, 'shipping');
    expect(paths('change')).toEqual(['src/dev/services.ts']);
  });

  it.each(['orders', 'service', 'contracts'])('is refused when src/%s exists', (name) => {
    expect(() => addParticipant(workspace, name)).toThrow(`src/${name} exists already. Choose another name.`);
  });

  it('is refused with the place that does not look as expected', () => {
    spoil('docker-compose.yml', 'DATABASES: orchestrator', 'NAMES: orchestrator');
    expect(() => addParticipant(workspace, 'shipping')).toThrow(
      'docker-compose.yml does not look as expected: services.databases.environment.DATABASES is not a text without quotes.',
    );
  });
});

describe('a command', () => {
  it('gets a contract, a handler and a place in its participant', () => {
    addCommand(workspace, 'inventory.count-stock', { refusal: ['stock-taking'], reply: true });
    expect(paths('change')).toEqual([
      'src/contracts/inventory.ts',
      'src/inventory/inventory.commands.ts',
      'src/inventory/inventory.module.ts',
    ]);
    expect(workspace.read('src/contracts/inventory.ts')).toContain(
      "export const countStock = defineCommand('inventory.count-stock', { payload: CountStock, reply: CountStockReply, refusals: ['stock-taking'] });",
    );
    expect(workspace.read('src/inventory/inventory.module.ts')).toContain(
      'commands: [reserveStock, releaseStock, countStock]',
    );
    const handlers = workspace.read('src/inventory/inventory.commands.ts');
    expect(handlers).toContain(
      "import { CountStock, countStock, type CountStockReply, ReleaseStock, releaseStock, ReserveStock, reserveStock } from '../contracts/index.js';",
    );
    expect(handlers).toContain(
      "async countStock({ id }: CountStock, tx: EntityManager): Promise<CountStockReply | Refusal<'stock-taking'>> {",
    );
  });

  it('brings the command that compensates it', () => {
    addCommand(workspace, 'inventory.wrap-gift', { compensation: 'unwrap-gift' });
    expect(workspace.read('src/inventory/inventory.module.ts')).toContain('wrapGift, unwrapGift]');
    expect(() => addCommand(workspace, 'inventory.weigh', { compensation: 'weigh' })).toThrow(
      'inventory.weigh cannot compensate itself.',
    );
  });

  it('finds its place also in a module that is configured by a factory', () => {
    spoil(
      'src/inventory/inventory.module.ts',
      "ParticipantModule.forRoot({ service: 'inventory', commands: [reserveStock, releaseStock], kafka })",
      "ParticipantModule.forRootAsync({ useFactory: () => ({ service: 'inventory', commands: [reserveStock], kafka }) })",
    );
    addCommand(workspace, 'inventory.count-stock');
    expect(workspace.read('src/inventory/inventory.module.ts')).toContain('commands: [reserveStock, countStock]');
  });

  it('keeps the formatting of what it does not change', () => {
    spoil('src/inventory/inventory.commands.ts', 'if (reserved.length === 0)', 'if  (reserved . length===0)');
    addCommand(workspace, 'inventory.count-stock');
    expect(workspace.read('src/inventory/inventory.commands.ts')).toContain('if  (reserved . length===0)');
  });

  it.each([
    ['shipping.book-parcel', 'There is no participant shipping: src/shipping/shipping.commands.ts is missing.'],
    ['orchestrator.book-parcel', 'There are: inventory, orders, payments.'],
    ['inventory.reserve-stock', 'src/contracts/inventory.ts exports reserveStock already. Choose another name.'],
    ['orders.place-order', 'src/contracts/place-order.ts exports placeOrder already.'],
    ['inventory', '"inventory" cannot be the name of a command.'],
    ['inventory.count.stock', '"inventory.count.stock" cannot be the name of a command.'],
    ['inventory.countStock', '"countStock" cannot be a name. Use words in lower case, joined by hyphens'],
    ['inventory.delete', 'delete cannot be a name, because delete is a word of TypeScript. Use two words.'],
  ])('cannot be called %s', (name, problem) => {
    expect(() => addCommand(workspace, name)).toThrow(problem);
  });

  it.each([
    [
      'src/inventory/inventory.module.ts',
      'commands: [reserveStock, releaseStock]',
      'commands',
      'has no list "commands: [ … ]"',
    ],
    [
      'src/inventory/inventory.commands.ts',
      'class InventoryCommands',
      'class Handlers',
      'it has no class InventoryCommands',
    ],
  ])('is refused when %s has lost its place', (path, from, to, problem) => {
    spoil(path, from, to);
    expect(() => addCommand(workspace, 'inventory.count-stock')).toThrow(problem);
  });
});

describe('a saga', () => {
  it('gets a start, a definition with tests, commands, and a place in the orchestrator', () => {
    addSaga(workspace, 'return-order', { participant: 'payments' });
    expect(paths('create')).toEqual([
      'src/contracts/return-order.ts',
      'src/orchestrator/sagas/return-order.spec.ts',
      'src/orchestrator/sagas/return-order.ts',
    ]);
    const orchestrator = workspace.read('src/orchestrator/orchestrator.module.ts');
    expect(orchestrator).toContain('definitions: [placeOrderSaga, returnOrderSaga]');
    expect(orchestrator).toContain("import { returnOrderSaga } from './sagas/return-order.js';");
    expect(workspace.read('src/contracts/index.ts')).toContain(
      "export * from './place-order.js';\nexport * from './return-order.js';\n",
    );
    expect(workspace.read('src/payments/payments.module.ts')).toContain('beginReturnOrder, undoReturnOrder]');
  });

  it('is refused when there is one of this name', () => {
    expect(() => addSaga(workspace, 'place-order')).toThrow('src/contracts/place-order.ts exports placeOrder already.');
  });
});

describe('a subscriber', () => {
  it('handles an event of the contracts', () => {
    addSubscriber(workspace, 'newsletter', { event: 'orders.order-approved' });
    expect(workspace.read('src/newsletter/newsletter.events.ts')).toContain(
      'async orderApproved(event: OrderApproved, tx: EntityManager): Promise<void> {',
    );
    expect(workspace.read('src/dev/services.ts')).toContain('newsletter: 3004,');
  });

  it('names the events that there are when it is to handle another', () => {
    expect(() => addSubscriber(workspace, 'newsletter', { event: 'orders.lost' })).toThrow(
      /There is no event orders\.lost in src\/contracts.*There are: orders\.order-approved\./,
    );
  });
});
