import { Kafka, logLevel } from 'kafkajs';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { accepts, freePort } from './ports';
import { startTestStack } from './test-stack';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function topicsOf(brokers: readonly string[]): Promise<string[]> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe('the test stack', () => {
  it('has a broker and the databases, and leaves no port behind', async () => {
    const stack = await startTestStack({ databases: ['orders', 'payments'] });
    const { port } = new URL(stack.databaseUrl('orders'));
    expect(await query(stack.databaseUrl('orders'), 'SELECT current_user AS role')).toEqual([{ role: 'orders' }]);
    expect(await topicsOf(stack.brokers)).toEqual([]);
    await stack.stop();
    expect(await accepts(Number(port))).toBe(false);
    expect(await accepts(Number(stack.brokers[0].split(':')[1]))).toBe(false);
  });

  it('names a database that it was not asked for', async () => {
    const stack = await startTestStack({ databases: ['orders'] as string[] });
    expect(() => stack.databaseUrl('payments')).toThrow(
      'There is no database payments; add it to the `databases` of startTestStack.',
    );
    await stack.stop();
  });

  it('keeps data in a directory of the user between starts', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'palinode-kept-stack-'));
    const options = { databases: ['orders'], directory } as const;
    const first = await startTestStack(options);
    await query(first.databaseUrl('orders'), 'CREATE TABLE kept AS SELECT 1 AS id');
    await first.stop();
    const second = await startTestStack(options);
    expect(await query(second.databaseUrl('orders'), 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    await second.stop();
    expect(existsSync(directory)).toBe(true);
    await rm(directory, { recursive: true, force: true });
  });

  it('stops the broker when PostgreSQL cannot start', async () => {
    const kafkaPort = await freePort();
    const blocking = await startTestStack({ databases: [] });
    const postgresPort = Number(blocking.brokers[0].split(':')[1]);
    await expect(startTestStack({ databases: [], kafkaPort, postgresPort })).rejects.toThrow(
      `port ${postgresPort} is taken`,
    );
    expect(await accepts(kafkaPort)).toBe(false);
    await blocking.stop();
  });
});
