import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../contract';
import { DefinitionRegistry } from '../definition';
import { DeadLetterStore, Redriver } from '../dead-letters';
import { topicsOf } from '../contract';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, authorized, placeOrder, reserved } from '../../test/sample-saga';
import { orchestratorMigrations } from '../store';
import type { BulkAction, BulkOrder, Pace } from './bulk-action';
import { BulkActionRunner } from './bulk-action-runner';
import { BulkActions } from './bulk-actions';
import { BulkActionStore, type ItemOfList } from './bulk-action-store';
import { BulkLetters } from './bulk-letters';
import { BulkSagas } from './bulk-sagas';
import { BulkTargets } from './bulk-target';

const ada = { by: 'ada', requestId: 'r-1' };
const PAUSED: BulkOrder = { on: 'sagas', action: 'resume', where: { status: 'PAUSED' } };

let servers: RealServers;
let databaseUrl: string;
let first: Instance;
const instances: Instance[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
  first = instance();
});

afterEach(async () => {
  for (const each of instances.splice(0)) if (!each.crashed) await each.orchestrator.stop();
});

interface Instance {
  readonly orchestrator: OrchestratorUnderTest;
  readonly store: BulkActionStore;
  readonly runner: BulkActionRunner;
  readonly bulkActions: BulkActions;
  crashed: boolean;
}

/** An orchestrator that carries out bulk actions when the test says so. */
function instance(): Instance {
  const orchestrator = new OrchestratorUnderTest(databaseUrl, [placeOrder]);
  const { log, store: sagas, interventions, transport } = orchestrator;
  const store = new BulkActionStore(sagas.pool);
  const letters = new DeadLetterStore(sagas.pool);
  const redriver = new Redriver(letters, transport, [topicsOf()], log);
  const registry = new DefinitionRegistry([placeOrder]);
  const targets = new BulkTargets(new BulkSagas(registry, sagas, interventions), new BulkLetters(letters, redriver));
  const runner = new BulkActionRunner({ store, targets, log, everyMs: 20 });
  const made = { orchestrator, store, runner, bulkActions: new BulkActions(store, targets, runner), crashed: false };
  instances.push(made);
  return made;
}

async function pausedSagas(count: number): Promise<string[]> {
  const starts = Array.from({ length: count }, (_, n) => aStart('place-order', anOrder(), { subject: `o-${n}` }));
  await first.orchestrator.start(...starts);
  const ids = starts.map(({ sagaid }) => sagaid);
  for (const id of ids) await first.orchestrator.operate(id, 'pause');
  return ids;
}

async function create(order: BulkOrder = PAUSED, pace: Partial<Pace> = {}): Promise<BulkAction> {
  const request = { order, actor: ada, reason: 'INC-7', request: order, rate: 1_000, stopOnFailure: false, ...pace };
  const created = await first.bulkActions.create(request);
  if (created.kind !== 'created') throw new Error(JSON.stringify(created));
  return created.bulkAction;
}

/** Runs until nothing more can be done at once. */
async function run({ runner }: Instance = first): Promise<void> {
  while (await runner.run());
}

const statusOf = async ({ id }: BulkAction): Promise<string | undefined> => (await first.store.find(id))?.status;

const itemsOf = ({ id }: BulkAction): Promise<ItemOfList[]> => first.store.items(id, {}, undefined, 1_000);

/** How often the saga was resumed. */
async function resumed(id: string): Promise<number> {
  const { history } = await first.orchestrator.find(id);
  return history.filter(({ event }) => event.kind === 'resume').length;
}

/** Brings a saga to its end. */
async function complete(id: string): Promise<void> {
  const reply = async (service: string, data: unknown): Promise<void> => {
    const command = first.orchestrator.commands(service, id).at(-1) as Command;
    await first.orchestrator.runner.handleBatch([incomingReply(command, 'success', data)]);
  };
  await reply('inventory', reserved);
  await reply('payment', authorized);
  await reply('payment', undefined);
  await reply('order', undefined);
  await reply('inventory', undefined);
  expect((await first.orchestrator.find(id)).state.status).toBe('COMPLETED');
}

describe('a bulk action', () => {
  it('acts on each saga once, as an operator does, and names itself in the operator log', async () => {
    const ids = await pausedSagas(5);
    const bulkAction = await create();
    await run();
    expect(await statusOf(bulkAction)).toBe('completed');
    expect(await Promise.all(ids.map(resumed))).toEqual([1, 1, 1, 1, 1]);
    expect(await itemsOf(bulkAction)).toMatchObject(
      ids.map((targetId) => ({
        targetId,
        status: 'done',
        revision: 3,
        meant: 'COMPLETED',
        outcome: 'pending',
        now: 'RUNNING',
      })),
    );
    const rows = await first.orchestrator.sql<{ action: string; event: string }>(
      'SELECT action, event FROM operator_action WHERE bulk_action_id = $1',
      [bulkAction.id],
    );
    expect(rows).toHaveLength(5);
    expect(JSON.parse(rows[0]!.event)).toMatchObject({
      by: 'ada',
      reason: 'INC-7',
      requestId: 'r-1',
      before: { status: 'PAUSED', pause: { reason: 'operator' } },
      after: { status: 'RUNNING' },
    });
  });

  it('acts on what matched when it was created, and on no saga that came later', async () => {
    const [id] = await pausedSagas(1);
    const bulkAction = await create();
    const [other] = await pausedSagas(1);
    await run();
    expect((await itemsOf(bulkAction)).map(({ targetId }) => targetId)).toEqual([id]);
    expect(await resumed(other!)).toBe(0);
  });

  it('looks at each saga again when its turn comes, and skips one that no longer matches', async () => {
    const [id, other] = await pausedSagas(2);
    const bulkAction = await create();
    await first.orchestrator.operate(id!, 'resume');
    await run();
    expect(await itemsOf(bulkAction)).toMatchObject([
      { targetId: id, status: 'skipped', reason: 'no-longer-selected' },
      { targetId: other, status: 'done' },
    ]);
    expect(await resumed(id!)).toBe(1);
  });

  it('skips a saga that was named by its id and cannot take the action, with the reason of the engine', async () => {
    const [id] = await pausedSagas(1);
    await first.orchestrator.operate(id!, 'resume');
    const request = { order: { on: 'sagas', action: 'resume' } as const, ids: [id!], actor: ada, reason: 'INC-7' };
    const created = await first.bulkActions.create({ ...request, request: {}, rate: 100, stopOnFailure: true });
    if (created.kind !== 'created') throw new Error(created.kind);
    await run();
    const detail = expect.stringContaining('not PAUSED') as string;
    expect(await itemsOf(created.bulkAction)).toMatchObject([{ status: 'skipped', reason: 'not-paused', detail }]);
    expect(await statusOf(created.bulkAction)).toBe('completed');
  });

  it('acts on no saga twice when two instances work on it at once', async () => {
    const ids = await pausedSagas(20);
    const bulkAction = await create();
    const second = instance();
    const finished = async (): Promise<boolean> => (await statusOf(bulkAction)) === 'completed';
    // Leases are ended all the time, so both have one.
    const endLeases = (): Promise<unknown> => first.orchestrator.sql('UPDATE bulk_action SET leased_until = NULL');
    const work = async ({ runner }: Instance): Promise<void> => {
      while (!(await finished())) {
        await endLeases();
        await runner.run();
      }
    };
    await Promise.all([work(first), work(second)]);
    expect(await Promise.all(ids.map(resumed))).toEqual(ids.map(() => 1));
    const recorded = await first.orchestrator.sql('SELECT 1 FROM operator_action WHERE bulk_action_id = $1', [
      bulkAction.id,
    ]);
    expect(recorded).toHaveLength(20);
  });

  it('is continued by another instance when the one that works on it dies, and loses no saga', async () => {
    const ids = await pausedSagas(30);
    const bulkAction = await create(PAUSED, { rate: 200 });
    const dying = instance();
    dying.crashed = true;
    const dead = dying.runner.run().catch(() => 'died');
    await waitUntil(
      'some are done',
      async () => (await first.store.progressOf([bulkAction.id])).get(bulkAction.id)!.items.done > 3,
    );
    await dying.orchestrator.crash();
    await dead;
    expect(await first.runner.run()).toBe(false);
    await first.orchestrator.sql(`UPDATE bulk_action SET leased_until = clock_timestamp() WHERE leased_by IS NOT NULL`);
    await run();
    expect(await statusOf(bulkAction)).toBe('completed');
    expect(await Promise.all(ids.map(resumed))).toEqual(ids.map(() => 1));
  });

  it('begins no further item once its pause is answered, and skips the rest when it is stopped', async () => {
    await pausedSagas(10);
    const bulkAction = await create(PAUSED, { rate: 50 });
    const running = first.runner.run();
    const done = async (): Promise<number> =>
      (await first.store.progressOf([bulkAction.id])).get(bulkAction.id)!.items.done;
    await waitUntil('one is done', async () => (await done()) > 0);
    expect(await first.bulkActions.pause(bulkAction.id, ada, 'wait')).toMatchObject({ kind: 'changed' });
    const doneBefore = await done();
    await running;
    await run();
    expect(await done()).toBe(doneBefore);
    expect(await first.bulkActions.pause(bulkAction.id, ada, 'wait')).toMatchObject({ kind: 'cannot' });
    expect(await first.bulkActions.stop(bulkAction.id, ada, 'enough')).toMatchObject({
      bulkAction: { status: 'stopped', why: 'ada: enough' },
    });
    const items = await itemsOf(bulkAction);
    expect(items.filter(({ reason }) => reason === 'stopped')).toHaveLength(10 - doneBefore);
    const actions = await first.orchestrator.sql<{ action: string }>(
      `SELECT action FROM operator_action WHERE target_id = $1 ORDER BY position`,
      [bulkAction.id],
    );
    expect(actions.map(({ action }) => action)).toEqual(['begin', 'pause', 'stop']);
  });

  it('waits for its canaries, and goes on by itself when they have completed', async () => {
    const ids = await pausedSagas(3);
    const bulkAction = await create(PAUSED, { canary: 1 });
    await run();
    expect(await statusOf(bulkAction)).toBe('waiting');
    expect(await Promise.all(ids.map(resumed))).toEqual([1, 0, 0]);
    await run();
    expect(await statusOf(bulkAction)).toBe('waiting');
    await complete(ids[0]!);
    await run();
    expect(await statusOf(bulkAction)).toBe('completed');
    expect(await Promise.all(ids.map(resumed))).toEqual([1, 1, 1]);
  });

  it('pauses when a canary is paused again, and goes on when an operator resumes it', async () => {
    const ids = await pausedSagas(3);
    const bulkAction = await create(PAUSED, { canary: 1 });
    await run();
    await first.orchestrator.operate(ids[0]!, 'pause');
    await run();
    expect(await first.store.find(bulkAction.id)).toMatchObject({
      status: 'paused',
      why: expect.stringContaining('another end') as string,
    });
    await first.bulkActions.resume(bulkAction.id, ada, 'that one is known');
    await run();
    expect(await statusOf(bulkAction)).toBe('completed');
    expect(await Promise.all(ids.map(resumed))).toEqual([1, 1, 1]);
  });

  it('pauses on the first saga that comes to another end, when asked to stop on failures', async () => {
    const ids = await pausedSagas(2);
    const bulkAction = await create(PAUSED, { stopOnFailure: true, canary: 1 });
    await run();
    await first.bulkActions.resume(bulkAction.id, ada, 'no need to wait');
    await first.orchestrator.operate(ids[0]!, 'pause');
    await run();
    expect(await statusOf(bulkAction)).toBe('paused');
    await first.bulkActions.resume(bulkAction.id, ada, 'that one is known');
    await run();
    expect(await statusOf(bulkAction)).toBe('completed');
  });

  it('keeps to its rate', async () => {
    await pausedSagas(4);
    await create(PAUSED, { rate: 20 });
    const begunAt = performance.now();
    await run();
    // Three pauses of 50 ms between four items.
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(150);
  });

  it('previews what the engine would do, and changes nothing', async () => {
    const ids = await pausedSagas(2);
    const request = { order: PAUSED, actor: ada, reason: 'INC-7', request: {}, rate: 20, stopOnFailure: false };
    const tried = await first.bulkActions.dryRun(request);
    const sent = (command: string, step: string): object => ({
      command,
      step,
      direction: 'action',
      attempt: 1,
      again: true,
    });
    expect(tried).toMatchObject({
      kind: 'tried',
      matched: 2,
      previews: ids.map((targetId) => ({
        targetId,
        commands: [sent('inventory.reserve-stock', 'stock'), sent('payment.authorize', 'payment')],
      })),
    });
    expect(await Promise.all(ids.map(resumed))).toEqual([0, 0]);
    expect(await first.store.list(undefined, undefined, 10)).toEqual([]);
  });
});
