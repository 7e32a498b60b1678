import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { v7 as uuidV7 } from 'uuid';
import { inTransaction, TABLES } from '../messaging';
import { RealServers } from '../../test/real-servers';
import { orchestratorMigrations } from '../store';
import { ORCHESTRATOR_TABLES } from '../store/migrations';
import { appendAction, type NewAction } from './append-action';
import { CreateOperatorLog1764600000002 } from './create-operator-log';
import { OperatorLog } from './operator-log';

let servers: RealServers;
let databaseUrl: string;
let pool: Pool;
let log: OperatorLog;

beforeAll(async () => {
  servers = await RealServers.start();
});

afterAll(() => servers?.stop());

beforeEach(async () => {
  databaseUrl = await servers.database(orchestratorMigrations);
  pool = servers.pool(databaseUrl);
  log = new OperatorLog(pool);
});

const anAction = (reason = 'INC-7'): NewAction => ({
  actor: { by: 'ada', requestId: 'r-1' },
  action: 'redrive',
  target: 'dead-letter',
  targetId: uuidV7(),
  details: { reason },
});

const append = (action = anAction(), into = pool): Promise<void> =>
  inTransaction(into, (client) => appendAction(client, TABLES, action));

/** As somebody does who may do anything in the database. */
async function tamper(statement: string, values: unknown[] = []): Promise<void> {
  await pool.query('ALTER TABLE operator_action DISABLE TRIGGER ALL');
  await pool.query(statement, values);
  await pool.query('ALTER TABLE operator_action ENABLE TRIGGER ALL');
}

const broken = async (): Promise<unknown> => {
  const found = await log.verify();
  return found.kind === 'broken' ? found.broken : undefined;
};

describe('the operator log', () => {
  it('numbers and chains its entries, also those that are appended at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => append(anAction(`“${n}”, äöü\n`))));
    const positions: string[] = [];
    for await (const page of log.entries()) positions.push(...page.map(({ position }) => position));
    expect(positions).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 1)));
    expect(await log.verify()).toEqual({
      kind: 'intact',
      last: { position: 20, hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
    });
  });

  it('has no gap when an action is rolled back', async () => {
    await append();
    const failing = inTransaction(pool, async (client) => {
      await appendAction(client, TABLES, anAction());
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await append();
    expect(await log.verify()).toMatchObject({ kind: 'intact', last: { position: 2 } });
  });

  it('refuses every change of an entry, even by the owner of the table', async () => {
    await append();
    for (const change of [
      `UPDATE operator_action SET operator = 'bob'`,
      'DELETE FROM operator_action',
      'TRUNCATE operator_action',
    ])
      await expect(pool.query(change)).rejects.toThrow('the operator log is append-only');
    expect(await log.verify()).toMatchObject({ kind: 'intact', last: { position: 1 } });
  });

  it('is append-only for a role with the rights that the orchestrator needs', async () => {
    const role = `writer_${randomBytes(5).toString('hex')}`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    try {
      for (const [table, rights] of Object.entries(ORCHESTRATOR_TABLES.rights))
        await pool.query(`GRANT ${rights} ON ${table} TO ${role}`);
      const writer = servers.pool(Object.assign(new URL(databaseUrl), { username: role, password: 'secret' }).href);
      await append(anAction(), writer);
      for (const change of [
        `UPDATE operator_action SET operator = 'bob'`,
        'DELETE FROM operator_action',
        'TRUNCATE operator_action',
        'ALTER TABLE operator_action DISABLE TRIGGER ALL',
      ])
        await expect(writer.query(change)).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await pool.query(`DROP OWNED BY ${role}`);
      await pool.query(`DROP ROLE ${role}`);
    }
  });

  it.each([
    ['an operator was changed', `UPDATE operator_action SET operator = 'bob' WHERE position = 2`, 2],
    ['a reason was changed', `UPDATE operator_action SET event = '{"reason":"x"}' WHERE position = 2`, 2],
    ['a time was changed', `UPDATE operator_action SET at = at + interval '1 s' WHERE position = 2`, 2],
    ['an entry was removed', 'DELETE FROM operator_action WHERE position = 2', 2],
    ['the first entry was removed', 'DELETE FROM operator_action WHERE position = 1', 1],
    [
      'an entry was changed with its hash',
      `UPDATE operator_action a SET operator = 'bob', hash = operator_action_digest(
         jsonb_populate_record(a, '{"operator": "bob"}')) WHERE position = 2`,
      3,
    ],
  ])('is broken when %s', async (_what, statement, position) => {
    for (let n = 0; n < 3; n += 1) await append();
    await tamper(statement);
    expect(await broken()).toMatchObject({ position, problem: expect.any(String) as string });
  });

  it('is broken when entries were cut off, or all were written anew, since its end was noted', async () => {
    for (let n = 0; n < 3; n += 1) await append();
    const found = await log.verify();
    if (found.kind !== 'intact') throw new Error('It must be intact.');
    await append();
    expect(await log.verify(found.last)).toMatchObject({ kind: 'intact', last: { position: 4 } });
    await tamper('DELETE FROM operator_action WHERE position > 2');
    expect(await log.verify()).toMatchObject({ kind: 'intact' });
    expect(await log.verify(found.last)).toMatchObject({
      kind: 'broken',
      broken: { position: 3, problem: 'The log ends at 2: entries were cut off.' },
    });
    await append();
    expect(await log.verify(found.last)).toMatchObject({
      kind: 'broken',
      broken: { problem: expect.stringMatching(/written anew/) as string },
    });
  });

  it('chains the entries of former releases, and those that their instances still write', async () => {
    const before = orchestratorMigrations.slice(0, orchestratorMigrations.indexOf(CreateOperatorLog1764600000002));
    const url = await servers.database(before);
    const old = servers.pool(url);
    const insert = (sagaId: string): Promise<unknown> =>
      old.query(
        `INSERT INTO operator_action (id, at, operator, action, saga_id, seq, event) VALUES ($1, now(), 'ada', 'pause', $2, 2, '{}')`,
        [uuidV7(), sagaId],
      );
    await insert(uuidV7());
    await insert(uuidV7());
    const migration = new CreateOperatorLog1764600000002();
    for (const statement of migration.upStatements()) await old.query(statement);
    const sagaId = uuidV7();
    await insert(sagaId);
    const formerly = new OperatorLog(old);
    expect(await formerly.verify()).toMatchObject({ kind: 'intact', last: { position: 3 } });
    const { rows } = await old.query('SELECT target, target_id FROM operator_action WHERE position = 3');
    expect(rows).toEqual([{ target: 'saga', target_id: sagaId }]);
  });
});
