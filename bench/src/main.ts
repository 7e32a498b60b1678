/*
 * `npm run bench`: the floor and Palinode, taking turns on one PostgreSQL in the same minutes. Every figure is a median over
 * the rounds, every claim a ratio to the floor of the same run; a run whose books do not add up fails.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedPostgres } from '../../stack/src/postgres/embedded-postgres';
import type { Contender } from './contender';
import { startFloor } from './floor/contender';
import { stealTicks } from './measure/cpu';
import { machine } from './measure/machine';
import { report, summarise } from './report';
import { startSagas } from './saga/contender';
import { takeTurn, type TurnResult } from './turn';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '64' },
    declined: { type: 'string', default: '0,0.1' },
    transactions: { type: 'string', default: 'shared,own' },
    json: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'palinode-bench-'));
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
  const steal = stealTicks();
  try {
    const results = await allTurns(postgres, directory);
    const now = stealTicks();
    const stolen = (100 * (now.steal - steal.steal)) / (now.total - steal.total);
    const summaries = summarise(results);
    console.log(report(summaries, `${machine()}, ${stolen.toFixed(1)} % stolen`));
    if (options.json)
      writeFileSync(options.json, JSON.stringify({ machine: machine(), stolen, summaries, results }, null, 2));
    const broken = results.filter((result) => result.broken.length > 0);
    for (const { contender, broken: problems } of broken) console.error(`${contender}: ${problems.join('; ')}`);
    process.exitCode = broken.length > 0 ? 1 : 0;
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function allTurns(postgres: EmbeddedPostgres, directory: string): Promise<TurnResult[]> {
  const seconds = options.quick ? 4 : Number(options.seconds);
  const rounds = options.quick ? 1 : Number(options.rounds);
  const transactions = options.transactions.split(',') as ('shared' | 'own')[];
  const { adminUrl, pid = 0 } = postgres;
  const results: TurnResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const inFlight of numbers(options['in-flight'])) {
      for (const declined of numbers(options.declined)) {
        const starts = [
          () => startFloor(adminUrl),
          ...transactions.map((transaction) => () => startSagas({ adminUrl, directory, transaction })),
        ];
        for (const start of starts) {
          const result = await withContender(start, (contender) =>
            takeTurn(contender, pid, { inFlight, declined, seconds }),
          );
          console.error(
            `${round}/${rounds} ${result.contender}, ${inFlight} in flight, ${declined * 100} % declined: ` +
              `${result.sagasPerSecond.toFixed(0)}/s, ${result.cpuMsPerSaga.toFixed(2)} ms CPU`,
          );
          results.push(result);
        }
      }
    }
  }
  return results;
}

async function withContender<T>(
  start: () => Promise<Contender>,
  work: (contender: Contender) => Promise<T>,
): Promise<T> {
  const contender = await start();
  try {
    return await work(contender);
  } finally {
    await contender.stop();
  }
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

void main();
