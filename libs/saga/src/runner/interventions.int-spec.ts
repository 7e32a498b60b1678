import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import type { Command } from '../contract';
import type { OperatorEvent } from '../engine';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, placeOrder, reserved } from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

let servers: RealServers;
let databaseUrl: string;
let orchestrator: OrchestratorUnderTest;
const others: OrchestratorUnderTest[] = [];

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
  orchestrator = another();
});

afterEach(async () => {
  await Promise.all(others.splice(0).map((each) => each.stop()));
});

function another(definitions = [placeOrder]): OrchestratorUnderTest {
  const started = new OrchestratorUnderTest(databaseUrl, definitions);
  others.push(started);
  return started;
}

async function started(): Promise<string> {
  const start = aStart('place-order', anOrder(), { subject: 'o-1' });
  await orchestrator.start(start);
  return start.sagaid;
}

const by = (kind: 'pause' | 'resume' | 'retry' | 'cancel', operator = 'ada'): OperatorEvent => ({
  kind,
  by: operator,
  reason: 'the bank is away',
});

const actionsOn = (sagaId: string): Promise<{ operator: string; action: string; seq: number; event: string }[]> =>
  orchestrator.sql('SELECT operator, action, seq, event FROM operator_action WHERE saga_id = $1 ORDER BY id', [sagaId]);

function commandTo(service: string, sagaId: string): Command {
  return orchestrator.commands(service, sagaId).at(-1)!;
}

describe('an intervention', () => {
  it('takes effect, and is recorded in the history and among the operator actions', async () => {
    const sagaId = await started();
    const { interventions } = orchestrator;
    expect(await interventions.take({ sagaId, event: by('pause'), revisions: [1] })).toEqual({ kind: 'taken' });
    const { state, history } = await orchestrator.find(sagaId);
    expect(state).toMatchObject({ status: 'PAUSED', pause: { detail: 'ada: the bank is away' } });
    expect(history.at(-1)).toMatchObject({ seq: 2, event: by('pause') });
    const [action] = await actionsOn(sagaId);
    expect(action).toMatchObject({ operator: 'ada', action: 'pause', seq: 2 });
    expect(JSON.parse(action!.event)).toMatchObject(by('pause'));
  });

  it('sends the commands that follow from it', async () => {
    const sagaId = await started();
    await orchestrator.runner.handleBatch([incomingReply(commandTo('inventory', sagaId), 'success', reserved)]);
    await orchestrator.runner.handleBatch([
      incomingReply(commandTo('payment', sagaId), 'failure', { reason: 'deadlock' }),
    ]);
    await orchestrator.interventions.take({ sagaId, event: by('cancel') });
    await waitUntil('the stock is released', () => commandTo('inventory', sagaId).sagadirection === 'compensation');
    await waitUntil('the outbox is empty', async () => (await orchestrator.sql('SELECT 1 FROM outbox')).length === 0);
  });

  it('is told to the log once it is committed, by the instance whose action took effect', async () => {
    const sagaId = await started();
    const instances = [orchestrator, another()];
    await Promise.all(
      instances.map(({ interventions }) => interventions.take({ sagaId, event: by('pause'), revisions: [1] })),
    );
    const lines = instances.flatMap(({ log }) => log.named('saga-paused'));
    expect(lines).toMatchObject([{ saga: sagaId, reason: 'operator', operator: 'ada: the bank is away' }]);
  });

  it('changes nothing when the saga has another revision', async () => {
    const sagaId = await started();
    const outcome = await orchestrator.interventions.take({ sagaId, event: by('pause'), revisions: [2, 7] });
    expect(outcome).toEqual({ kind: 'stale', revision: 1 });
    expect((await orchestrator.find(sagaId)).history).toHaveLength(1);
    expect(await actionsOn(sagaId)).toEqual([]);
  });

  it('changes nothing when the engine ignores it', async () => {
    const sagaId = await started();
    const outcome = await orchestrator.interventions.take({ sagaId, event: by('resume') });
    expect(outcome).toMatchObject({ kind: 'ignored', because: 'not-paused', state: { status: 'RUNNING' } });
    expect((await orchestrator.find(sagaId)).history).toHaveLength(1);
    expect(await actionsOn(sagaId)).toEqual([]);
  });

  it('changes nothing on a saga without a definition', async () => {
    const sagaId = await started();
    const { interventions } = another([]);
    const outcome = await interventions.take({ sagaId, event: by('cancel') });
    expect(outcome).toMatchObject({
      kind: 'halted',
      because: 'definition-missing',
      detail: expect.stringContaining('register it again'),
    });
    expect((await orchestrator.find(sagaId)).state.status).toBe('RUNNING');
  });

  it('reports that the saga does not exist', async () => {
    const outcome = await orchestrator.interventions.take({ sagaId: uuidV7(), event: by('pause') });
    expect(outcome).toEqual({ kind: 'unknown-saga' });
  });

  it('takes no effect when its record cannot be written', async () => {
    const sagaId = await started();
    // PostgreSQL text cannot contain NUL, so writing the record, the last statement, fails.
    const event = by('pause', 'a\0b');
    await expect(orchestrator.interventions.take({ sagaId, event })).rejects.toThrow();
    expect((await orchestrator.find(sagaId)).state.status).toBe('RUNNING');
  });

  it('takes effect while the broker is away, and its commands wait in the outbox', async () => {
    const sagaId = await started();
    await waitUntil('the outbox is empty', async () => (await orchestrator.sql('SELECT 1 FROM outbox')).length === 0);
    orchestrator.transport.disconnect();
    expect(await orchestrator.interventions.take({ sagaId, event: by('retry') })).toEqual({ kind: 'taken' });
    expect(await orchestrator.sql('SELECT 1 FROM outbox')).toHaveLength(2);
    const sent = orchestrator.transport.published.length;
    orchestrator.transport.reconnect();
    await waitUntil('the commands are sent', () => orchestrator.transport.published.length === sent + 2);
  });
});

describe('concurrent interventions on one saga', () => {
  it('take effect once when all name the same revision', async () => {
    const desks = [orchestrator, another(), another(), another()];
    for (let time = 0; time < 10; time += 1) {
      const sagaId = await started();
      const outcomes = await Promise.all(
        desks.map(({ interventions }, n) =>
          interventions.take({ sagaId, event: by('pause', `operator-${n}`), revisions: [1] }),
        ),
      );
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['stale', 'stale', 'stale', 'taken']);
      expect((await orchestrator.find(sagaId)).history).toHaveLength(2);
      expect(await actionsOn(sagaId)).toHaveLength(1);
    }
  });

  it('take effect one after the other, between incoming replies, when they name no revision', async () => {
    const sagaId = await started();
    const desks = [orchestrator, another(), another()];
    const answers = ['inventory', 'payment'].map((service) =>
      incomingReply(commandTo(service, sagaId), 'failure', { reason: 'deadlock' }),
    );
    const outcomes = await Promise.all([
      ...desks.map(({ interventions }, n) => interventions.take({ sagaId, event: by('retry', `operator-${n}`) })),
      ...answers.map((answer, n) => desks[n + 1]!.runner.handleBatch([answer])),
    ]);
    expect(outcomes.slice(0, 3)).toEqual(desks.map(() => ({ kind: 'taken' })));
    const { history } = await orchestrator.find(sagaId);
    expect(history).toHaveLength(6);
    const actions = await actionsOn(sagaId);
    expect(new Set(actions.map(({ operator }) => operator))).toEqual(
      new Set(['operator-0', 'operator-1', 'operator-2']),
    );
    for (const { seq, event } of actions) expect(JSON.parse(event)).toMatchObject(history[seq - 1]!.event);
  });

  it('take effect also when only the timer of the saga was moved in the meantime', async () => {
    const sagaId = await started();
    const timer = await orchestrator.store.pool.connect();
    try {
      await timer.query('BEGIN');
      await timer.query(`UPDATE saga SET armed_at = armed_at - interval '1 s' WHERE id = $1`, [sagaId]);
      const outcome = orchestrator.interventions.take({ sagaId, event: by('pause'), revisions: [1] });
      await waitUntil('the intervention waits for the timer', async () => {
        const waiting = await orchestrator.sql(
          `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return waiting.length === 1;
      });
      await timer.query('COMMIT');
      expect(await outcome).toEqual({ kind: 'taken' });
    } finally {
      timer.release();
    }
  });
});
