/*
 * `npm run slow-handler -- --hang 50 --timeout off|4s --transaction per-command|per-batch`: one handler that does not end for so long
 * among 64 commands that a participant gets at once, and when the others are answered.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { commandLine, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { Correspondent } from '@palinode/test-support/kafka/correspondent';
import { startBroker } from '@palinode/test-support/kafka/broker';
import { freePort } from '@palinode/test-support/network/ports';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { IsIn } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import { defineCommand } from '@palinode/saga/contract';
import {
  connectionConfig,
  connectParticipant,
  HandleCommand,
  ParticipantModule,
  participantMigrations,
  signalOf,
} from '@palinode/saga/participant';
import { freshDatabases } from './bench-database';
import { machine } from './measure/machine';
import { quantile } from './measure/quantile';

const COMMANDS = 64;
const WARM_UP = 10;

const options = commandLine(
  'npm run slow-handler --',
  'One slow handler among 64 commands, and when the others are answered.',
)
  .option('--hang <seconds>', 'how long the slow handler takes', wholeNumber(1), 50)
  .option('--timeout <duration>', 'handlerTimeout: 4s or off', oneOf('4s', 'off'), '4s')
  .option('--transaction <kind>', 'per-command or per-batch', oneOf('per-command', 'per-batch'), 'per-command')
  .option('--rounds <number>', 'how many batches', wholeNumber(1), 3)
  .parse()
  .opts();

class Work {
  @IsIn(['quick', 'slow']) pace!: 'quick' | 'slow';
}
const work = defineCommand('stock.work', { payload: Work });

@Controller()
class Stock {
  @HandleCommand(work, { transaction: options.transaction })
  async work({ pace }: Work, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO worked DEFAULT VALUES');
    // As a client of a third party does that hears of nothing.
    if (pace === 'slow') await sleep(options.hang * 1_000, undefined, { signal: signalOf(tx) });
  }
}

@Module({})
class Root {}

interface Batch {
  readonly othersMs: number[];
  readonly slowMs: number;
  readonly slow: string;
}

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-slow-handler-'));
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
  const broker = await startBroker('embedded', join(directory, 'kafka'), await freePort());
  try {
    const { stock: url } = await freshDatabases(postgres.adminUrl, 'slow_handler', ['stock']);
    await migrate(url);
    const app = await NestFactory.create(
      {
        module: Root,
        imports: [
          TypeOrmModule.forRoot({ type: 'postgres', url, extra: connectionConfig(url) }),
          ParticipantModule.forRoot({
            service: 'stock',
            commands: [work],
            kafka: { brokers: [broker.address] },
            handlerTimeout: options.timeout,
          }),
        ],
        controllers: [Stock],
      },
      { logger: false },
    );
    connectParticipant(app);
    await app.startAllMicroservices();
    await app.init();
    const orchestrator = await Correspondent.start(broker.address, 'stock');
    for (let n = 0; n < WARM_UP; n += 1) await batch(orchestrator, 'quick');
    const quick: Batch[] = [];
    const slow: Batch[] = [];
    for (let n = 0; n < options.rounds; n += 1) {
      quick.push(await batch(orchestrator, 'quick'));
      slow.push(await batch(orchestrator, 'slow'));
    }
    const { hang, timeout, transaction } = options;
    console.log(
      `${machine()}, load ${(loadavg()[0] ?? 0).toFixed(1)}; ${transaction} transactions, handlerTimeout ${timeout}, ` +
        `${options.rounds} batches of ${COMMANDS}`,
    );
    report('all are quick', quick);
    report(`one takes ${hang} s`, slow);
    for (const { slow: what, slowMs } of slow) console.log(`  the slow one: ${what} after ${slowMs.toFixed(0)} ms`);
    await orchestrator.stop();
    await app.close();
  } finally {
    await broker.stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Sends the commands at once, the one in their middle of this pace. */
async function batch(orchestrator: Correspondent, pace: Work['pace']): Promise<Batch> {
  const sentAt = performance.now();
  const othersMs: number[] = [];
  let slowMs = Number.NaN;
  let slow = '';
  await Promise.all(
    Array.from({ length: COMMANDS }, async (_, n) => {
      const isMiddle = n === COMMANDS / 2;
      const { outcome, data } = await orchestrator.send(work, { pace: isMiddle ? pace : 'quick' });
      const ms = performance.now() - sentAt;
      if (!isMiddle) {
        othersMs.push(ms);
        return;
      }
      slowMs = ms;
      slow = outcome === 'success' ? outcome : `${outcome} (${(data as { reason: string }).reason})`;
    }),
  );
  return { othersMs, slowMs, slow };
}

function report(name: string, batches: readonly Batch[]): void {
  const ms = batches.flatMap(({ othersMs }) => othersMs);
  const [p50, p99, most] = [0.5, 0.99, 1].map((q) => quantile(ms, q).toFixed(0));
  console.log(`${name}: the others are answered after p50 ${p50} ms, p99 ${p99} ms, at most ${most} ms`);
}

async function migrate(url: string): Promise<void> {
  const source = new DataSource({ type: 'postgres', url, migrations: participantMigrations });
  await source.initialize();
  await source.runMigrations();
  await source.query('CREATE TABLE worked (id bigserial PRIMARY KEY)');
  await source.destroy();
}

void main();
