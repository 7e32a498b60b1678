import { lifecycleEvents, sagaHeld, violations, type Command, type DomainEvent, type SagaChanged } from '../contract';
import { defineSaga } from '../definition';
import { aStart, incomingReply } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, authorizePayment, Order, releaseStock, reserved, reserveStock } from '../../test/sample-saga';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { orchestratorMigrations } from '../store/migrations';

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const sell = defineSaga({ name: 'sell', version: 1, input: Order })
  .compensatable('stock', {
    invoke: reserveStock,
    payload: orderOf,
    compensation: { invoke: releaseStock, payload: orderOf },
  })
  .pivot('payment', { invoke: authorizePayment, payload: orderOf })
  .build();

let servers: RealServers;
let orchestrator: OrchestratorUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [sell]);
});

afterAll(async () => {
  await orchestrator?.stop();
  await servers?.stop();
});

const published = (sagaId: string): DomainEvent<SagaChanged>[] =>
  orchestrator.transport.sent<DomainEvent<SagaChanged>>('saga.events').filter(({ subject }) => subject === sagaId);
const names = (sagaId: string): string =>
  published(sagaId)
    .map(({ type }) => type.split('.')[1])
    .join(' ');
const isTold = (sagaId: string, all: string): Promise<true> => waitUntil(all, () => names(sagaId) === all);

async function start(): Promise<string> {
  const message = aStart('sell', anOrder(), { subject: 'o-1' });
  await orchestrator.start(message);
  return message.sagaid;
}

function commandTo(service: string, sagaId: string): Command {
  const command = orchestrator.commands(service, sagaId).at(-1);
  if (command === undefined) throw new Error(`No command was sent to ${service}.`);
  return command;
}

/** The answer to the command that was sent last. */
async function answer(sagaId: string, service: string, outcome: 'success' | 'refusal', data?: unknown): Promise<void> {
  await orchestrator.runner.handleBatch([incomingReply(commandTo(service, sagaId), outcome, data)]);
}

describe('the lifecycle of a saga', () => {
  it('publishes and stores no lifecycle events by default', async () => {
    const sagaId = await start();
    expect(await orchestrator.sql('SELECT 1 FROM event_outbox')).toEqual([]);
    expect(published(sagaId)).toEqual([]);
  });

  describe('with lifecycle events enabled', () => {
    beforeAll(() => orchestrator.publishLifecycleEvents());

    it('publishes an event for the start and one for the completion', async () => {
      const sagaId = await start();
      await answer(sagaId, 'inventory', 'success', reserved);
      await answer(sagaId, 'payment', 'success', { authorizationId: 'a-1' });
      await isTold(sagaId, 'started completed');
      expect(published(sagaId)[0]?.data).toEqual({ sagaId, definition: 'sell', version: 1, businessKey: 'o-1' });
    });

    it('publishes the cause when the saga is compensated', async () => {
      const sagaId = await start();
      await answer(sagaId, 'inventory', 'success', reserved);
      await answer(sagaId, 'payment', 'refusal', { reason: 'card-declined' });
      await answer(sagaId, 'inventory', 'success');
      await isTold(sagaId, 'started compensating compensated');
      const cause = { kind: 'refusal', step: 'payment', reason: 'card-declined' };
      expect(published(sagaId).map(({ data }) => data.cause)).toEqual([undefined, cause, cause]);
    });

    it('publishes the reason when the saga pauses, and an event when it resumes', async () => {
      const sagaId = await start();
      await orchestrator.operate(sagaId, 'pause');
      await orchestrator.operate(sagaId, 'resume');
      await orchestrator.operate(sagaId, 'cancel');
      await answer(sagaId, 'inventory', 'refusal', { reason: 'out-of-stock' });
      await isTold(sagaId, 'started paused resumed compensating compensated');
      expect(published(sagaId)[1]?.data.pause).toMatchObject({ reason: 'operator' });
      expect(published(sagaId)[2]?.data.pause).toBeUndefined();
    });

    it('publishes the held steps, and an event when they are released', async () => {
      const sagaId = await start();
      const by = { by: 'ada', reason: 'a test' };
      const hold = await orchestrator.holds.place({ where: { service: 'payment' }, cause: 'by-hand', ...by });
      await answer(sagaId, 'inventory', 'success', reserved);
      await isTold(sagaId, 'started held');
      expect(published(sagaId)[1]?.data.held).toEqual(['payment']);
      expect(violations(sagaHeld.payload, published(sagaId)[1]!.data)).toEqual([]);
      await orchestrator.holds.end(hold!.id, by);
      await orchestrator.runner.advance([{ sagaId, event: { kind: 'released' } }]);
      await isTold(sagaId, 'started held released');
    });

    it('publishes events that match their declaration, keyed by the saga', async () => {
      const sagaId = await start();
      await orchestrator.operate(sagaId, 'pause');
      await isTold(sagaId, 'started paused');
      const byType = new Map(lifecycleEvents.map((event) => [event.type, event]));
      for (const { type, data } of published(sagaId)) expect(violations(byType.get(type)!.payload, data)).toEqual([]);
      const sent = orchestrator.transport.published.filter(
        ({ topic, key }) => topic === 'saga.events' && key === sagaId,
      );
      expect(sent).toHaveLength(2);
    });

    it('publishes each event once when several orchestrators receive the same message', async () => {
      const message = aStart('sell', anOrder());
      await Promise.all([orchestrator.start(message, message), orchestrator.start(message)]);
      await orchestrator.operate(message.sagaid, 'pause');
      await isTold(message.sagaid, 'started paused');
    });
  });
});
