import { waitUntil } from '@palinode/testing-support/wait-until';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { placeOrder } from '../../test/sample-saga';
import { bookHotel } from '../../test/sample-shapes';
import { DefinitionRegistry, type SagaDefinition } from '../definition';
import { INSTANCE_NAME } from '../messaging';
import { Instances, orchestratorMigrations, SagaStore } from '../store';
import { InstanceReport } from './instance-report';

let servers: RealServers;
let store: SagaStore;
let instances: Instances;

beforeAll(async () => {
  servers = await RealServers.start();
  store = new SagaStore({ database: await servers.database(orchestratorMigrations) }, new RecordingLog());
  instances = new Instances(store.pool, store.tables);
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

const reportOf = (...definitions: readonly SagaDefinition[]): InstanceReport =>
  new InstanceReport(store, new DefinitionRegistry(definitions), { build: 'b7', log: new RecordingLog() });

const having = (version: number): Promise<string[]> => instances.having({ name: 'place-order', version });

describe('the running orchestrators', () => {
  it('are found by the versions of the definitions that they have, until they stop', async () => {
    const [first, second] = [reportOf(placeOrder), reportOf({ ...placeOrder, version: 2 }, bookHotel)];
    first.start();
    second.start();
    await waitUntil('both are registered', async () => (await having(0)).length === 2);
    expect(await having(1)).toEqual([INSTANCE_NAME]);
    expect(await having(2)).toHaveLength(1);
    expect(await having(3)).toEqual([]);
    await second.stop();
    expect(await having(2)).toEqual([]);
    await first.stop();
  });

  it('do not include one that was not seen for a while', async () => {
    const report = reportOf(placeOrder);
    report.start();
    await waitUntil('it is registered', async () => (await having(1)).length === 1);
    await store.pool.query(`UPDATE orchestrator_instance SET seen_at = seen_at - interval '2 minutes'`);
    expect(await having(1)).toEqual([]);
    await report.stop();
  });
});
