/*
 * `npm run cost -- --questions steps,payload`: what a saga costs when one thing grows. The variants of a question take turns on
 * one PostgreSQL in the same minutes; what counts is the ratio to the first of them. A run whose books do not add up fails.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandLine, listOf, numberFrom, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { EmbeddedPostgres } from '@palinode/test-support/postgres/embedded-postgres';
import { costTurn, type CostTurn } from './cost/cost-turn';
import { QUESTIONS, type Question } from './cost/questions';
import { costReport } from './cost/report';
import { Templates } from './cost/templates';
import { machine } from './measure/machine';

const names = QUESTIONS.map(({ name }) => name);
const options = commandLine('npm run cost --', 'Measures what a saga costs when one thing grows.')
  .option('--questions <names>', 'what grows', listOf(oneOf(...names)), names)
  .option('--seconds <number>', 'how long a turn is', numberFrom(1), 10)
  .option('--warm-up <number>', 'seconds of load before each turn, which are not counted', numberFrom(0), 10)
  .option('--rounds <number>', 'how many turns each variant has', wholeNumber(1), 3)
  .option('--json <file>', 'where to write the figures')
  .parse()
  .opts();

interface Answer {
  readonly question: Question;
  readonly load: number;
  readonly turns: readonly CostTurn[];
}

async function main(): Promise<void> {
  const questions = QUESTIONS.filter(({ name }) => options.questions.includes(name));
  const directory = mkdtempSync(join(tmpdir(), 'palinode-cost-'));
  const postgres = await EmbeddedPostgres.start({ directory: join(directory, 'postgres') });
  const templates = new Templates(postgres.adminUrl);
  const answers: Answer[] = [];
  try {
    console.log(machine());
    for (const question of questions) {
      const load = loadavg()[0] ?? 0;
      const turns = await answer(question, postgres, templates, directory);
      console.log(`\n${costReport(question, turns)}\n\nload ${load.toFixed(1)} before`);
      answers.push({ question, load, turns });
      if (options.json) writeFileSync(options.json, JSON.stringify({ options, machine: machine(), answers }, null, 2));
    }
  } finally {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  const broken = answers.flatMap(({ turns }) => turns.filter(({ turn }) => turn.broken.length > 0));
  for (const { turn } of broken) console.error(`${turn.contender}: ${turn.broken.join('; ')}`);
  process.exitCode = broken.length > 0 ? 1 : 0;
}

async function answer(
  { variants }: Question,
  postgres: EmbeddedPostgres,
  templates: Templates,
  directory: string,
): Promise<CostTurn[]> {
  const { adminUrl } = postgres;
  const turns: CostTurn[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const variant of variants) {
      const orchestratorTemplate = await templates.of(variant);
      const system = { ...variant.system, adminUrl, directory, orchestratorTemplate } as const;
      const turn = await costTurn(
        variant.name,
        { ...system, broker: 'embedded', transaction: 'per-batch', door: 'startSaga' },
        postgres,
        options,
      );
      console.error(`${round}/${options.rounds} ${variant.name}: ${turn.turn.cpuMsPerSaga.toFixed(2)} ms CPU`);
      turns.push(turn);
    }
  }
  return turns;
}

void main();
