import { RealServers } from '../../test/real-servers';
import { orchestratorMigrations } from '../orchestrator';
import { RuleStore } from './rule-store';

let servers: RealServers;

beforeAll(async () => {
  servers = await RealServers.start();
});
afterAll(() => servers?.stop());

const aRule = { service: 'payment', point: 'received', effect: { type: 'fail' } } as const;

it('lets the live stream tell when a fault is armed, changed and disarmed', async () => {
  const pool = servers.pool(await servers.database(orchestratorMigrations));
  const rules = new RuleStore(pool);
  // As two instances do, or one that starts again.
  await rules.prepare();
  await rules.prepare();
  const { rule } = await rules.add(aRule);
  await rules.change({ ...rule, count: 1 }, true);
  await rules.remove(rule.id);
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM stream_change WHERE kind = 'fault'`);
  expect(rows).toEqual([{ id: rule.id }, { id: rule.id }, { id: rule.id }]);
});

it('needs no tables of an orchestrator', async () => {
  const pool = servers.pool(await servers.database());
  const rules = new RuleStore(pool);
  await rules.prepare();
  const { rule } = await rules.add(aRule);
  expect((await pool.query('SELECT id FROM fault_rule')).rows).toEqual([{ id: rule.id }]);
});
