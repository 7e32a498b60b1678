import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { accepts } from '@palinode/testing-support/ports';
import { isAlive } from '@palinode/testing-support/processes/left-over';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { serviceNames } from './services';
import { Stack } from './stack';
import type { StackDescription } from './stack-file';

const entry = () => join(__dirname, 'fake-service.js');

describe('a stack', () => {
  let directory: string;
  let stack: Stack;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'palinode-stack-test-'));
    stack = await Stack.start({ directory, entry, environment: { EXTRA: 'yes' } });
  });
  afterAll(async () => {
    await stack?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('writes the addresses and process ids of its services and servers to stack.json', () => {
    const { services, ...rest } = description();
    expect(rest).toEqual({ pid: process.pid, databases: stack.databases, brokers: stack.brokers });
    expect(Object.keys(services).toSorted()).toEqual([...serviceNames].toSorted());
    expect(services.order).toEqual({ url: stack.services.order.url, pid: stack.services.order.pid });
    expect(services.orchestrator.adminUrl).toBe(stack.adminUrl);
  });

  it('hides passwords, logs and messages from other users', () => {
    const mode = (...path: string[]): number => statSync(join(directory, ...path)).mode & 0o777;
    expect(mode() & 0o066).toBe(0);
    expect(mode('stack.json')).toBe(0o600);
    expect(['logs', 'broker'].map((name) => mode(name))).toEqual([0o700, 0o700]);
    expect(mode('postgres') & 0o066).toBe(0);
  });

  it('writes the output of its servers to files beside those of its services', async () => {
    const log = (name: string): string => readFileSync(join(directory, 'logs', `${name}.log`), 'utf8');
    await waitUntil('the output', () => log('postgres').includes('database system is ready to accept connections'));
    expect(log('broker')).toContain(`{"address":"${stack.brokers[0]}"}`);
  });

  it('gives each service its port, its database, the brokers and the other services', async () => {
    const response = await fetch(`${stack.services.payment.url}/environment`);
    expect(await response.json()).toMatchObject({
      DATABASE_URL: stack.databases.payment,
      KAFKA_BROKERS: stack.brokers.join(','),
      SERVICE_URL_ORDER: stack.services.order.url,
      EXTRA: 'yes',
    });
  });

  it('restarts a killed service and records its new process', async () => {
    const before = stack.services.payment.pid;
    await stack.kill('payment');
    await stack.ready();
    const after = stack.services.payment.pid;
    expect(after).not.toBe(before);
    await waitUntil('the new process in stack.json', () => description().services.payment.pid === after);
  });

  it('restarts PostgreSQL and the broker without losing data', async () => {
    await query(stack.databases.order, 'CREATE TABLE kept AS SELECT 1 AS id');
    await Promise.all([stack.restartPostgres(), stack.restartBroker()]);
    expect(await query(stack.databases.order, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
    expect(await accepts(brokerPort())).toBe(true);
  });

  it('rejects a second stack in its directory, and names the running process', async () => {
    await expect(Stack.start({ directory, entry })).rejects.toThrow(`started by process ${process.pid}`);
    expect(description().pid).toBe(process.pid);
  });

  it('restarts a service that is not ready yet', async () => {
    const other = await Stack.start({ entry, restartServices: false });
    try {
      await other.services.payment.restart();
      await other.services.payment.restart();
      await other.ready();
    } finally {
      await other.stop();
    }
  });

  it('runs beside another stack, which leaves nothing behind when it stops', async () => {
    const other = await Stack.start({ entry });
    expect(other.services.order.url).not.toBe(stack.services.order.url);
    const pids = serviceNames.map((name) => other.services[name].pid as number);
    await other.stop();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(other.directory)).toBe(false);
  });

  it('stops its services gracefully and keeps their data', async () => {
    const port = brokerPort();
    await stack.stop();
    expect(existsSync(join(directory, 'stack.json'))).toBe(false);
    expect(await accepts(port)).toBe(false);
    const logs = serviceNames.map((name) => readFileSync(join(directory, 'logs', `${name}.log`), 'utf8'));
    expect(logs.every((log) => log.includes('ended in order'))).toBe(true);
    stack = await Stack.start({ directory, entry });
    expect(await query(stack.databases.order, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  });

  it('starts with empty databases when a fresh start is requested', async () => {
    await stack.stop();
    stack = await Stack.start({ directory, entry, fresh: true });
    await expect(query(stack.databases.order, 'SELECT id FROM kept')).rejects.toThrow('does not exist');
  });

  it('fails with the last log lines of a service that cannot start', async () => {
    await stack.stop();
    const start = Stack.start({ directory, entry, environment: { FAKE_BROKEN: 'palinode_payment' } });
    await expect(start).rejects.toThrow(/payment service ended 5 times[^]*palinode_payment cannot start/);
    expect(existsSync(join(directory, 'stack.pid'))).toBe(false);
  });

  const description = () => JSON.parse(readFileSync(join(directory, 'stack.json'), 'utf8')) as StackDescription;
  const brokerPort = () => Number(stack.brokers[0]?.split(':')[1]);
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
