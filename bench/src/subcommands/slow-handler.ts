/*
 * `npm run slow-handler -- --hang 50 --timeout off|4s --transaction per-command|per-batch`: one slow handler among 64
 * commands of a batch, and when the other commands are answered.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module, type INestApplication, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { startBroker } from '@palinode/test-support/kafka/broker';
import { Correspondent } from '@palinode/test-support/kafka/correspondent';
import { freePort } from '@palinode/testing-support/ports';
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
import { freshDatabases } from '../measure/postgres';
import { quantile } from '../measure/quantile';
import { running, subcommand, using } from '../run';

const COMMANDS = 64;
const TRANSACTIONS = ['per-command', 'per-batch'] as const;
const TIMEOUTS = ['4s', 'off'] as const;

class Work {
  @IsIn(['quick', 'slow']) pace!: 'quick' | 'slow';
}
const work = defineCommand('stock.work', { payload: Work });

/** The results of one batch, in which one command may be slow. */
interface Batch {
  readonly othersMs: readonly number[];
  readonly slowMs: number;
  readonly slow: string;
}

export const slowHandler = subcommand(
  'slow-handler',
  'One slow handler among 64 commands, and when the others are answered.',
)
  .option('--hang <seconds>', 'how long the slow handler takes', wholeNumber(1), 50)
  .option('--timeout <duration>', `handlerTimeout: ${TIMEOUTS.join(', ')}`, oneOf(...TIMEOUTS), '4s')
  .option('--transaction <kind>', TRANSACTIONS.join(', '), oneOf(...TRANSACTIONS), 'per-command')
  .option('--rounds <number>', 'the number of batches', wholeNumber(1), 3)
  .option('--warm-up <number>', 'warm-up batches, which are not counted', wholeNumber(), 10)
  .action(
    running(async ({ hang, timeout, transaction, rounds, warmUp }, run) => {
      const [quick, slow]: [Batch[], Batch[]] = [[], []];
      const broker = startBroker('embedded', join(run.directory, 'kafka'), await freePort());
      await using(broker, async ({ address }) =>
        using(run.postgres(), async ({ adminUrl }) => {
          const controller = stockWith(transaction, hang * 1_000);
          const { stock: url } = await freshDatabases(adminUrl, 'slow_handler', ['stock']);
          await using(startStock(url, address, timeout, controller), () =>
            using(Correspondent.start(address, 'stock'), async (orchestrator) => {
              for (let n = 0; n < warmUp; n += 1) await batch(orchestrator, 'quick');
              for (let n = 0; n < rounds; n += 1) {
                quick.push(await batch(orchestrator, 'quick'));
                slow.push(await batch(orchestrator, 'slow'));
              }
            }),
          );
        }),
      );
      run.print(
        [
          `${transaction} transactions, handlerTimeout ${timeout}, ${rounds} batches of ${COMMANDS}`,
          `all are quick: ${answered(quick)}`,
          `one takes ${hang} s: ${answered(slow)}`,
          ...slow.map((each) => `  the slow one: ${each.slow} after ${each.slowMs.toFixed(0)} ms`),
        ].join('\n'),
      );
      run.record({ quick, slow });
    }),
  );

function answered(batches: readonly Batch[]): string {
  const ms = batches.flatMap(({ othersMs }) => othersMs);
  const [p50, p99, most] = [0.5, 0.99, 1].map((q) => quantile(ms, q).toFixed(0));
  return `the others are answered after p50 ${p50} ms, p99 ${p99} ms, at most ${most} ms`;
}

/** A participant whose slow handler takes this long. */
function stockWith(transaction: (typeof TRANSACTIONS)[number], hangMs: number): Type {
  @Controller()
  class Stock {
    @HandleCommand(work, { transaction })
    async work({ pace }: Work, tx: EntityManager): Promise<void> {
      await tx.query('INSERT INTO worked DEFAULT VALUES');
      // Like a call to a third party that does not answer.
      if (pace === 'slow') await sleep(hangMs, undefined, { signal: signalOf(tx) });
    }
  }
  return Stock;
}

@Module({})
class Root {}

async function startStock(
  url: string,
  broker: string,
  handlerTimeout: (typeof TIMEOUTS)[number],
  controller: Type,
): Promise<{ stop: INestApplication['close'] }> {
  const source = await new DataSource({ type: 'postgres', url, migrations: participantMigrations }).initialize();
  await source.runMigrations();
  await source.query('CREATE TABLE worked (id bigserial PRIMARY KEY)');
  await source.destroy();
  const kafka = { brokers: [broker] };
  const imports = [
    TypeOrmModule.forRoot({ type: 'postgres', url, extra: connectionConfig(url) }),
    ParticipantModule.forRoot({ service: 'stock', commands: [work], kafka, handlerTimeout }),
  ];
  const app = await NestFactory.create({ module: Root, imports, controllers: [controller] }, { logger: false });
  connectParticipant(app);
  await app.startAllMicroservices();
  await app.init();
  return { stop: () => app.close() };
}

/** Sends the commands at once; the one in the middle is quick or slow. */
async function batch(orchestrator: Correspondent, pace: Work['pace']): Promise<Batch> {
  const sentAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: COMMANDS }, async (_, n) => {
      const { outcome, data } = await orchestrator.send(work, { pace: n === COMMANDS / 2 ? pace : 'quick' });
      const reason = outcome === 'success' ? '' : ` (${(data as { reason: string }).reason})`;
      return { ms: performance.now() - sentAt, answer: outcome + reason };
    }),
  );
  const [middle] = answers.splice(COMMANDS / 2, 1);
  return { othersMs: answers.map(({ ms }) => ms), slowMs: middle?.ms ?? Number.NaN, slow: middle?.answer ?? '' };
}
