import { v7 as uuidV7 } from 'uuid';
import { OrchestratorUnderTest } from '../../test/orchestrator-under-test';
import { RealServers } from '../../test/real-servers';
import { aStart } from '../../test/messages';
import { anOrder, placeOrder } from '../../test/sample-saga';
import { DueTimers } from './due-timers';
import { orchestratorMigrations } from './migrations';

let servers: RealServers;
let orchestrator: OrchestratorUnderTest;
let timers: DueTimers;
/** The time of the test's monotonic clock. */
let elapsedMs: number;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  orchestrator = new OrchestratorUnderTest(await servers.database(orchestratorMigrations), [placeOrder]);
  elapsedMs = 0;
  timers = new DueTimers(orchestrator.store, () => elapsedMs);
});

afterEach(() => orchestrator?.stop());

/** Sagas that wait, with timers that fired this long ago. */
async function fired(ago: string, sagas = 1): Promise<string[]> {
  const starts = Array.from({ length: sagas }, () => aStart('place-order', anOrder(), { sagaid: uuidV7() }));
  await orchestrator.start(...starts);
  const ids = starts.map(({ sagaid }) => sagaid);
  await orchestrator.sql(
    `UPDATE saga_timer SET fire_at = clock_timestamp() - $2::interval WHERE saga_id = ANY ($1::uuid[])`,
    [ids, ago],
  );
  return ids;
}

const claimed = async (atMost = 100): Promise<string[]> => (await timers.claim(atMost)).due;

describe('the scan for due timers', () => {
  it('finds, at first, timers that have been due for any length of time', async () => {
    const ids = await fired('3 days');
    expect(await claimed()).toEqual(ids);
  });

  it('finds timers that have become due since the last scan', async () => {
    await claimed();
    elapsedMs += 100;
    const ids = await fired('50 ms');
    expect(await claimed()).toEqual(ids);
  });

  it('continues until none is left when more were due than one scan takes', async () => {
    const ids = await fired('1 hour', 5);
    const taken: string[] = [];
    for (let scans = 0; scans < 3; scans += 1) {
      taken.push(...(await claimed(2)));
      elapsedMs += 100;
    }
    expect(taken.toSorted()).toEqual(ids.toSorted());
  });

  it('finds half a minute later what every scan has missed', async () => {
    await claimed();
    const ids = await fired('1 hour');
    for (; elapsedMs <= 30_000; elapsedMs += 4_000) expect(await claimed()).toEqual([]);
    expect(await claimed()).toEqual(ids);
  });

  it('finds timers that became due while it could not run', async () => {
    await claimed();
    const ids = await fired('6 s');
    elapsedMs += 6_000;
    expect(await claimed()).toEqual(ids);
  });
});
