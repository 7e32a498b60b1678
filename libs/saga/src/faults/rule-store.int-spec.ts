import { RealServers } from '../../test/real-servers';
import type { RecordHookChange } from '../messaging';
import { orchestratorMigrations } from '../orchestrator';
import type { FaultRule } from './fault-rule';
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
  await rules.change(rule.id, (armed) => ({ ...armed, rule: { ...armed.rule, count: 1 } }));
  await rules.remove(rule.id);
  const { rows } = await pool.query<{ id: string }>(`SELECT id FROM stream_change WHERE kind = 'fault'`);
  expect(rows).toEqual([{ id: rule.id }, { id: rule.id }, { id: rule.id }]);
});

it('keeps both of two changes that are made at the same time, and records each with what it replaced', async () => {
  const pool = servers.pool(await servers.database());
  const rules = new RuleStore(pool);
  await rules.prepare();
  const { rule } = await rules.add(aRule);
  const recorded: unknown[] = [];
  const record: RecordHookChange = async (_client, { details }) => void recorded.push(details);
  await Promise.all([
    rules.change(rule.id, (armed) => ({ ...armed, rule: { ...armed.rule, count: 1 } }), record),
    rules.change(rule.id, (armed) => ({ ...armed, enabled: false }), record),
  ]);
  const { rows } = await pool.query<{ rule: string; enabled: boolean }>('SELECT rule, enabled FROM fault_rule');
  expect(rows.map((row) => ({ ...row, rule: JSON.parse(row.rule) as FaultRule }))).toEqual([
    { rule: { ...rule, count: 1 }, enabled: false },
  ]);
  const [first, second] = recorded as { before: object; after: object }[];
  expect(second?.before).toEqual(first?.after);
});

it('needs no tables of an orchestrator', async () => {
  const pool = servers.pool(await servers.database());
  const rules = new RuleStore(pool);
  await rules.prepare();
  const { rule } = await rules.add(aRule);
  expect((await pool.query('SELECT id FROM fault_rule')).rows).toEqual([{ id: rule.id }]);
});
