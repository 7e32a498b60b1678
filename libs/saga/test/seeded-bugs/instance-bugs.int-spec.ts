import { participantMigrations } from '../../src/participant/migrations';
import { RealServers } from '../real-servers';
import { EFFECTS } from '../sample-participant';
import { INSTANCE_BUGS } from './instance-bugs';
import { loadMutated, type Change } from './mutated';
import type * as instances from './two-instances';

let servers: RealServers;
let databaseUrl: string;

beforeAll(async () => {
  servers = await RealServers.start();
  databaseUrl = await servers.database([...participantMigrations, Effects1700000000000]);
});

afterAll(() => servers?.stop());

class Effects1700000000000 {
  async up(runner: { query: (text: string) => Promise<unknown> }): Promise<void> {
    await runner.query(EFFECTS);
  }

  async down(): Promise<void> {}
}

async function broken(changes: readonly Change[]): Promise<string[]> {
  const { brokenByTwo } = loadMutated('test/seeded-bugs/two-instances', changes) as typeof instances;
  return brokenByTwo(databaseUrl);
}

describe('two instances of a participant', () => {
  it.each(INSTANCE_BUGS)('finds that “$breaks” is broken when $bug', async ({ change, breaks }) => {
    expect(await broken([change])).toContain(breaks);
  });

  it('finds no violation without a seeded bug', async () => {
    expect(await broken([])).toEqual([]);
  });
});
