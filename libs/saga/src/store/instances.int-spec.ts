import { hostname } from 'node:os';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { RealServers } from '../../test/real-servers';
import { RecordingLog } from '../../test/recording-log';
import { placeOrder } from '../../test/sample-saga';
import { bookHotel } from '../../test/sample-shapes';
import { DefinitionRegistry, type SagaDefinition } from '../definition';
import { Instances } from './instances';
import { orchestratorMigrations } from './migrations';
import { SagaStore } from './saga-store';

let servers: RealServers;
let store: SagaStore;

beforeAll(async () => {
  servers = await RealServers.start();
  store = new SagaStore({ database: await servers.database(orchestratorMigrations) }, new RecordingLog());
});

afterAll(async () => {
  await store?.close();
  await servers?.stop();
});

const instanceWith = (...definitions: readonly SagaDefinition[]): Instances =>
  new Instances(new DefinitionRegistry(definitions), store, { log: new RecordingLog() });

describe('the running orchestrators', () => {
  it('are found by the versions of the definitions that they have, until they stop', async () => {
    const [first, second] = [instanceWith(placeOrder), instanceWith({ ...placeOrder, version: 2 }, bookHotel)];
    first.start();
    second.start();
    const having = (version: number): Promise<readonly string[]> => first.having({ name: 'place-order', version });
    await waitUntil('both are registered', async () => (await having(0)).length === 2);
    expect(await having(1)).toEqual([expect.stringMatching(new RegExp(`^${hostname()} \\([0-9a-f-]{36}\\)$`))]);
    expect(await having(2)).toHaveLength(1);
    expect(await having(3)).toEqual([]);
    await second.stop();
    expect(await having(2)).toEqual([]);
    await first.stop();
  });

  it('do not include one that was not seen for a while', async () => {
    const instance = instanceWith(bookHotel);
    instance.start();
    await waitUntil('it is registered', async () => (await instance.having(bookHotel)).length === 1);
    await store.pool.query(`UPDATE orchestrator_instance SET seen_at = seen_at - interval '1 minute'`);
    expect(await instance.having(bookHotel)).toEqual([]);
    await instance.stop();
  });
});
