import { waitUntil } from '@palinode/testing-support/wait-until';
import type { SagaDefinition } from '../definition';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, authorized, placeOrder, reserved } from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

const version2: SagaDefinition = { ...placeOrder, version: 2 };
let servers: RealServers;
let databaseUrl: string;
const running: OrchestratorUnderTest[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
});

afterEach(stopAll);

/** An orchestrator with these definitions, as after a deployment. */
function deploy(...definitions: readonly SagaDefinition[]): OrchestratorUnderTest {
  const deployed = new OrchestratorUnderTest(databaseUrl, definitions);
  running.push(deployed);
  return deployed;
}

async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((each) => each.stop()));
}

async function startedOn(orchestrator: OrchestratorUnderTest, sagas = 1): Promise<string[]> {
  await orchestrator.knows('place-order');
  const starts = Array.from({ length: sagas }, () => aStart('place-order', anOrder()));
  await orchestrator.start(...starts);
  return starts.map(({ sagaid }) => sagaid);
}

/** Sagas of version 1 that an orchestrator without that version has paused. */
async function stopped(sagas = 1): Promise<string[]> {
  const ids = await startedOn(deploy(placeOrder), sagas);
  const without = deploy();
  await Promise.all(ids.map((id) => without.operate(id, 'retry')));
  await stopAll();
  return ids;
}

const statusOf = async (orchestrator: OrchestratorUnderTest, id: string): Promise<string> =>
  (await orchestrator.find(id)).state.status;

describe('a saga halted by a missing definition', () => {
  it('runs to its end when an orchestrator with the definition starts', async () => {
    const [id = ''] = await stopped();
    const orchestrator = deploy(placeOrder);
    expect((await orchestrator.find(id)).state.pause?.reason).toBe('definition-missing');
    orchestrator.startSearch();
    await waitUntil('the saga continues', async () => (await statusOf(orchestrator, id)) === 'RUNNING');
    await answerAll(orchestrator, id);
    const { state, history } = await orchestrator.find(id);
    expect(state).toMatchObject({ status: 'COMPLETED', version: 1 });
    expect(history.map(({ event }) => event.kind).slice(0, 3)).toEqual(['started', 'halted', 'definition-found']);
  });

  it('gets a new timer when it continues', async () => {
    const [id = ''] = await stopped();
    const orchestrator = deploy(placeOrder);
    orchestrator.startSearch();
    await waitUntil('the timer is armed', async () => (await orchestrator.timerOf(id)) !== undefined);
  });

  it('begins with the newest version when its definition had none', async () => {
    const [id = ''] = await startedOn(deploy());
    await stopAll();
    const orchestrator = deploy(placeOrder, version2);
    expect((await orchestrator.find(id)).state).toMatchObject({ status: 'PAUSED', version: 0 });
    orchestrator.startSearch();
    await waitUntil('the saga begins', () => orchestrator.commands('inventory', id).length === 1);
    expect((await orchestrator.find(id)).state).toMatchObject({ status: 'RUNNING', version: 2 });
    expect(await orchestrator.sql('SELECT version FROM saga')).toEqual([{ version: 2 }]);
  });

  it('waits for its own version although other versions are registered', async () => {
    const [id = ''] = await stopped();
    const newer = deploy(version2);
    const [later = ''] = await startedOn(deploy());
    newer.startSearch();
    await waitUntil('the search has finished', async () => (await statusOf(newer, later)) === 'RUNNING');
    expect((await newer.find(id)).state).toMatchObject({ status: 'PAUSED', version: 1 });
  });

  it('stays paused when an operator has paused it in the meantime', async () => {
    const [held = '', other = ''] = await stopped(2);
    await deploy().operate(held, 'pause');
    const orchestrator = deploy(placeOrder);
    orchestrator.startSearch();
    await waitUntil('the search has finished', async () => (await statusOf(orchestrator, other)) === 'RUNNING');
    expect((await orchestrator.find(held)).state.pause).toMatchObject({ reason: 'operator', detail: 'ada: a test' });
    await orchestrator.operate(held, 'resume');
    expect(await statusOf(orchestrator, held)).toBe('RUNNING');
  });

  it('continues once, however many orchestrators search at the same time', async () => {
    const ids = await stopped(450);
    const searchers = Array.from({ length: 3 }, () => deploy(placeOrder));
    for (const each of searchers) each.startSearch();
    const [orchestrator] = searchers as [OrchestratorUnderTest];
    await waitUntil('all sagas continue', async () => {
      const rows = await orchestrator.sql(`SELECT 1 FROM saga WHERE status = 'RUNNING'`);
      return rows.length === ids.length;
    });
    for (const id of ids) {
      const { history } = await orchestrator.find(id);
      expect(history.map(({ event }) => event.kind)).toEqual(['started', 'halted', 'definition-found']);
      const again = searchers.flatMap((each) => each.commands('inventory', id));
      expect(again).toHaveLength(1);
    }
  });

  it('continues again after an orchestrator of the old deployment has paused it again', async () => {
    const old = deploy();
    const orchestrator = deploy(placeOrder);
    orchestrator.startSearch();
    const [id = ''] = await startedOn(orchestrator);
    await old.operate(id, 'retry');
    await waitUntil('the saga continues', async () => {
      const { history } = await orchestrator.find(id);
      return history.at(-1)?.event.kind === 'definition-found';
    });
    expect(await statusOf(orchestrator, id)).toBe('RUNNING');
  });

  async function answerAll(orchestrator: OrchestratorUnderTest, id: string): Promise<void> {
    for (let answered = 0; (await statusOf(orchestrator, id)) === 'RUNNING';) {
      const sent = ['inventory', 'payment', 'order'].flatMap((service) => orchestrator.commands(service, id));
      const replies = sent.map((command) =>
        incomingReply(command, 'success', command.sagastep === 'stock' ? reserved : authorized),
      );
      expect(replies.length).toBeGreaterThan(answered);
      answered = replies.length;
      await orchestrator.runner.handleBatch(replies);
    }
  }
});
