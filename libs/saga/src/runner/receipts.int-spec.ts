import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ACKNOWLEDGEMENTS, DEAD_LETTERS, SIGNAL_SAGA, type Acknowledgement, type StartSaga } from '../contract';
import { aStart, incoming, incomingStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { orchestratorMigrations } from '../store/migrations';

let servers: RealServers;
let databaseUrl: string;
let orchestrator: OrchestratorUnderTest;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database(orchestratorMigrations);
});

afterAll(() => servers?.stop());

beforeEach(() => {
  orchestrator = new OrchestratorUnderTest(databaseUrl, [placeOrder]);
});

afterEach(() => orchestrator?.stop());

const startFrom = (source: string, attributes: Partial<StartSaga> = {}): StartSaga =>
  aStart('place-order', anOrder(), { source, ...attributes });

/** The acknowledged ids, by the topic of the acknowledgement. */
function acknowledged(): Record<string, string[]> {
  const bySource: Record<string, string[]> = {};
  for (const { data } of orchestrator.transport.sent<Acknowledgement>(ACKNOWLEDGEMENTS))
    bySource[data.to] = [...(bySource[data.to] ?? []), ...data.ids];
  return bySource;
}

it('acknowledges all starts of a batch in one message per service, together with the commands', async () => {
  const starts = ['/palinode/order', '/palinode/shop', '/palinode/order'].map((source) => startFrom(source));
  await orchestrator.start(...starts);
  expect(orchestrator.transport.sent(ACKNOWLEDGEMENTS)).toHaveLength(2);
  expect(acknowledged()).toEqual({
    '/palinode/order': [starts[0]?.id, starts[2]?.id],
    '/palinode/shop': [starts[1]?.id],
  });
});

it('a start that arrives again is acknowledged again and starts nothing', async () => {
  const start = startFrom('/palinode/order');
  await orchestrator.start(start);
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id, start.id] });
  expect(orchestrator.commands('inventory', start.sagaid)).toHaveLength(1);
});

it('a start is acknowledged only after its saga is committed', async () => {
  const start = startFrom('/palinode/order');
  await orchestrator.sql('ALTER TABLE saga RENAME TO hidden');
  await expect(orchestrator.start(start)).rejects.toThrow('saga');
  await orchestrator.sql('ALTER TABLE hidden RENAME TO saga');
  expect(acknowledged()).toEqual({});
  orchestrator.transport.disconnect();
  const batch = orchestrator.start(start);
  await waitUntil('it publishes', () => orchestrator.transport.waiting > 0);
  expect((await orchestrator.find(start.sagaid)).state.status).toBe('RUNNING');
  orchestrator.transport.reconnect();
  await batch;
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id] });
});

it('acknowledges a dead-lettered message, so that it is not resent forever', async () => {
  const nameless = startFrom('/palinode/order', { data: { saga: 7 as unknown as string, input: {} } });
  const strange = startFrom('/palinode/order', { type: 'orchestrator.dance.v1' });
  const homeless = startFrom('/palinode/order', { sagaid: 'no-saga' });
  const early = startFrom('/palinode/order', { type: SIGNAL_SAGA, data: { signal: 'consent', payload: {} } as never });
  await orchestrator.start(nameless, strange, homeless, early);
  expect(acknowledged()['/palinode/order']?.toSorted()).toEqual(
    [nameless, strange, homeless, early].map(({ id }) => id).toSorted(),
  );
  expect(orchestrator.transport.sent(DEAD_LETTERS)).toHaveLength(4);
});

it('a start whose definition another instance has is accepted and acknowledged', async () => {
  await orchestrator.knows('tomorrow');
  const start = startFrom('/palinode/order', { data: { saga: 'tomorrow', input: {} } });
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id] });
  expect((await orchestrator.find(start.sagaid)).state.pause?.reason).toBe('definition-missing');
});

it('signals are acknowledged like starts', async () => {
  const start = startFrom('/palinode/order');
  const signal = startFrom('/palinode/shop', {
    type: SIGNAL_SAGA,
    sagaid: start.sagaid,
    data: { signal: 'consent', payload: {} } as never,
  });
  await orchestrator.start(start, signal);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id], '/palinode/shop': [signal.id] });
});

it('a message without a valid id, sender or body is not acknowledged', async () => {
  await orchestrator.runner.handleBatch([
    incoming('orchestrator.commands', 'no json'),
    incoming('orchestrator.commands', '{"source":"/palinode/order"}'),
    incomingStart(startFrom('/palinode/order', { id: 'seven' })),
    incomingStart(startFrom(undefined as unknown as string)),
    incoming('orchestrator.replies.inventory', { ...startFrom('/palinode/order'), sagaid: 'x' }),
  ]);
  expect(acknowledged()).toEqual({});
});

it('a start from a parent saga is not acknowledged, because parents resend it themselves', async () => {
  const parent = { sagaId: uuidV7(), step: 'child', commandId: uuidV7() };
  const start = startFrom('/palinode/orchestrator', { data: { saga: 'place-order', input: anOrder(), parent } });
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({});
});
