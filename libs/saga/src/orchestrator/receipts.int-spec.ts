import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/test-support/wait-until';
import { ACKNOWLEDGEMENTS, DEAD_LETTERS, SIGNAL_SAGA, type Acknowledgement, type StartSaga } from '../contract';
import { aStart, incoming, incomingStart } from '../../test/messages';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { orchestratorMigrations } from './migrations';

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

/** What was acknowledged, by whom it is told to. */
function acknowledged(): Record<string, string[]> {
  const bySource: Record<string, string[]> = {};
  for (const { data } of orchestrator.transport.sent<Acknowledgement>(ACKNOWLEDGEMENTS))
    bySource[data.to] = [...(bySource[data.to] ?? []), ...data.ids];
  return bySource;
}

it('All starts of a flush are acknowledged in one message for each service, beside the commands', async () => {
  const starts = ['/palinode/order', '/palinode/shop', '/palinode/order'].map((source) => startFrom(source));
  await orchestrator.start(...starts);
  expect(orchestrator.transport.sent(ACKNOWLEDGEMENTS)).toHaveLength(2);
  expect(acknowledged()).toEqual({
    '/palinode/order': [starts[0]?.id, starts[2]?.id],
    '/palinode/shop': [starts[1]?.id],
  });
});

it('A start that comes again is acknowledged again, and starts nothing', async () => {
  const start = startFrom('/palinode/order');
  await orchestrator.start(start);
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id, start.id] });
  expect(orchestrator.commands('inventory', start.sagaid)).toHaveLength(1);
});

it('A start is acknowledged when its saga is committed, and not before', async () => {
  const start = startFrom('/palinode/order');
  await orchestrator.sql('ALTER TABLE saga RENAME TO hidden');
  await expect(orchestrator.start(start)).rejects.toThrow('saga');
  await orchestrator.sql('ALTER TABLE hidden RENAME TO saga');
  expect(acknowledged()).toEqual({});
  orchestrator.transport.goAway();
  const flushed = orchestrator.start(start);
  await waitUntil('it publishes', () => orchestrator.transport.waiting > 0);
  expect((await orchestrator.find(start.sagaid)).state.status).toBe('RUNNING');
  orchestrator.transport.comeBack();
  await flushed;
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id] });
});

it('What is refused and parked is acknowledged as well, lest it come for ever', async () => {
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

it('A start whose definition is not registered yet is taken, and acknowledged', async () => {
  const start = startFrom('/palinode/order', { data: { saga: 'tomorrow', input: {} } });
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id] });
  expect((await orchestrator.find(start.sagaid)).state.pause?.reason).toBe('definition-missing');
});

it('Signals are acknowledged like starts', async () => {
  const start = startFrom('/palinode/order');
  const signal = startFrom('/palinode/shop', {
    type: SIGNAL_SAGA,
    sagaid: start.sagaid,
    data: { signal: 'consent', payload: {} } as never,
  });
  await orchestrator.start(start, signal);
  expect(acknowledged()).toEqual({ '/palinode/order': [start.id], '/palinode/shop': [signal.id] });
});

it('What has no id or no sender, or is no message at all, is acknowledged to nobody', async () => {
  await orchestrator.runner.flush([
    incoming('orchestrator.commands', 'no json'),
    incoming('orchestrator.commands', '{"source":"/palinode/order"}'),
    incomingStart(startFrom('/palinode/order', { id: 'seven' })),
    incomingStart(startFrom(undefined as unknown as string)),
    incoming('orchestrator.replies.inventory', { ...startFrom('/palinode/order'), sagaid: 'x' }),
  ]);
  expect(acknowledged()).toEqual({});
});

it('Sagas that ask for children ask again by themselves, and are acknowledged nothing', async () => {
  const parent = { sagaId: uuidV7(), step: 'child', commandId: uuidV7() };
  const start = startFrom('/palinode/orchestrator', { data: { saga: 'place-order', input: anOrder(), parent } });
  await orchestrator.start(start);
  expect(acknowledged()).toEqual({});
});
