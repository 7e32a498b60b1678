/* The service handles commands of sagas beside all that it had before. */
import { Module, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { defineStart } from '@palinode/saga/contract';
import { constant, defineSaga, OrchestratorModule, orchestratorMigrations } from '@palinode/saga/orchestrator';
import { connectParticipant, ParticipantHealth, ParticipantModule, Sagas } from '@palinode/saga/participant';
import { startTestStack, waitUntil, type TestStack } from '@palinode/testing-support';
import { IsIn, IsOptional, IsUUID } from 'class-validator';
import { runner } from 'node-pg-migrate';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { DataSource } from 'typeorm';
import {
  createInvoice,
  noteWithDrizzle,
  noteWithKnex,
  noteWithKysely,
  voidInvoice,
  type AddNote,
  type OfOrder,
} from '../src/contracts.js';
import { EventLog } from '../src/invoices/event-log.js';
import { tables } from '../src/tables.js';

class Bill {
  @IsUUID() orderId!: string;
  /** Which handler throws. */
  @IsOptional() @IsIn(['drizzle', 'kysely', 'knex']) throws?: string;
}
const bill = defineStart('bill', { input: Bill, subject: ({ orderId }) => orderId });

type Scope = { readonly input: Bill };
const orderOf = ({ input: { orderId } }: Scope): OfOrder => ({ orderId });
const noteOf =
  (writtenWith: string) =>
  ({ input: { orderId, throws } }: Scope): AddNote => ({ orderId, throws: throws === writtenWith });
const retry = { attempts: 1, backoff: constant('1ms') };
const compensation = { invoke: voidInvoice, payload: orderOf };
const billing = defineSaga({ ...bill, version: 1 })
  .compensatable('invoice', {
    invoke: createInvoice,
    payload: ({ input: { orderId } }) => ({ orderId, amountCents: 900 }),
    compensation,
  })
  .compensatable('drizzle', { invoke: noteWithDrizzle, payload: noteOf('drizzle'), compensation, retry })
  .compensatable('kysely', { invoke: noteWithKysely, payload: noteOf('kysely'), compensation, retry })
  .pivot('knex', { invoke: noteWithKnex, payload: noteOf('knex'), retry })
  .build();

let stack: TestStack;
let service: INestApplication;
let orchestrator: INestApplication;

before(async () => {
  stack = await startTestStack({ databases: ['billing', 'archive', 'plain', 'orchestrator'] });
  Object.assign(process.env, {
    DATABASE_URL: stack.databaseUrl('billing'),
    ARCHIVE_DATABASE_URL: stack.databaseUrl('archive'),
    KAFKA_BROKERS: stack.brokers.join(','),
  });
  orchestrator = await startOrchestrator(stack.databaseUrl('orchestrator'));
  // Its configuration is read when it is loaded.
  const { AppModule } = await import('../src/app.module.js');
  service = await started(AppModule);
});
after(async () => {
  await service?.close();
  await orchestrator?.close();
  await stack?.stop();
});

async function started(module: new () => object): Promise<INestApplication> {
  const app = await NestFactory.create(module, { logger: false, abortOnError: false });
  connectParticipant(app);
  await app.startAllMicroservices();
  return app.init();
}

async function startOrchestrator(databaseUrl: string): Promise<INestApplication> {
  const source = new DataSource({ type: 'postgres', url: databaseUrl, migrations: orchestratorMigrations });
  await source.initialize();
  await source.runMigrations();
  await source.destroy();
  const { brokers } = stack;

  @Module({ imports: [OrchestratorModule.forRoot({ definitions: [billing], databaseUrl, kafka: { brokers } })] })
  class Orchestrating {}

  return (await NestFactory.create(Orchestrating, { logger: false, abortOnError: false })).init();
}

const sql = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  service.get(DataSource).query(text, values);

async function billed(throws?: string): Promise<{ orderId: string; invoice: unknown; notes: unknown[] }> {
  const orderId = randomUUID();
  await service
    .get(DataSource)
    .transaction((tx) => service.get(Sagas, { strict: false }).start(tx, bill, { orderId, ...(throws && { throws }) }));
  const done = throws === undefined ? 'OPEN' : 'VOID';
  const written = ['drizzle', 'kysely', 'knex'];
  const expected = written.slice(0, throws === undefined ? 3 : written.indexOf(throws));
  return waitUntil(`the saga of ${orderId} has ended`, async () => {
    const [invoice] = await sql('SELECT status FROM invoice WHERE order_id = $1', [orderId]);
    const notes = await sql('SELECT written_with FROM note WHERE order_id = $1', [orderId]);
    if (invoice?.['status'] !== done || notes.length < expected.length) return undefined;
    return { orderId, invoice: invoice['status'], notes: notes.map((note) => note['written_with']).sort() };
  });
}

it('handles commands with Drizzle, Kysely and Knex, and publishes what they wrote', async () => {
  const { orderId, notes } = await billed();
  assert.deepEqual(notes, ['drizzle', 'knex', 'kysely']);
  const log = service.get(EventLog);
  await waitUntil('its own Kafka client has read the events', () => {
    return log.subjects.filter((subject) => subject === orderId).length === 3 || undefined;
  });
});

for (const [throws, left] of [
  ['drizzle', []],
  ['kysely', ['drizzle']],
  ['knex', ['drizzle', 'kysely']],
] as const) {
  it(`rolls back what the handler with ${throws} wrote, and its event, when it throws`, async () => {
    const { orderId, notes } = await billed(throws);
    assert.deepEqual(notes, left);
    // Events of a service are published in the order of their commits: when this one has arrived, all before it have.
    const last = await billed();
    const log = service.get(EventLog);
    await waitUntil(
      'the last event',
      () => log.subjects.filter((each) => each === last.orderId).length === 3 || undefined,
    );
    assert.equal(log.subjects.filter((subject) => subject === orderId).length, left.length);
  });
}

it('keeps its own tables, also one with the name of one of Palinode’s, and its second DataSource', async () => {
  await sql(`INSERT INTO outbox (body) VALUES ('mine')`);
  assert.deepEqual(await sql('SELECT body FROM outbox'), [{ body: 'mine' }]);
  const archive = service.get<DataSource>(getDataSourceToken('archive'));
  assert.deepEqual(await archive.query(`SELECT to_regnamespace('palinode') AS found`), [{ found: null }]);
  assert.equal(service.get(ParticipantHealth, { strict: false }).check(), undefined);
});

it('starts on tables that node-pg-migrate has made of the SQL files', async () => {
  const url = stack.databaseUrl('plain');
  const folder = mkdtempSync(join(tmpdir(), 'palinode-sql-'));
  execFileSync(process.execPath, [join(import.meta.dirname, '../src/write-sql.js'), folder]);
  await runner({ databaseUrl: url, dir: folder, direction: 'up', migrationsTable: 'pgmigrations', log: () => {} });
  rmSync(folder, { recursive: true });
  const kafka = { brokers: stack.brokers };

  @Module({
    imports: [
      TypeOrmModule.forRoot({ type: 'postgres', url }),
      ParticipantModule.forRoot({ service: 'plain', commands: [], kafka, ...tables }),
    ],
  })
  class Plain {}

  const plain = await started(Plain);
  assert.equal(plain.get(ParticipantHealth, { strict: false }).check(), undefined);
  await plain.close();
});
