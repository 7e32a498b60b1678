/*
 * `npm run cost -- --questions steps,payload`: what a saga costs when one thing grows. The variants of a question take turns on
 * one PostgreSQL in the same minutes; what counts is the ratio to the first of them. A run whose books do not add up fails.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EmbeddedPostgres } from '../../stack/src/postgres/embedded-postgres';
import { costTurn, type CostTurn } from './cost/cost-turn';
import { QUESTIONS, questionNamed, type Question } from './cost/questions';
import { costReport } from './cost/report';
import { Templates } from './cost/templates';
import { machine } from './measure/machine';

const { values: options } = parseArgs({
  options: {
    questions: { type: 'string', default: QUESTIONS.map(({ name }) => name).join(',') },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'string' },
  },
});

interface Answer {
  readonly question: Question;
  readonly load: number;
  readonly turns: readonly CostTurn[];
}

async function main(): Promise<void> {
  const questions = options.questions.split(',').map(questionNamed);
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
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (const variant of variants) {
      const orchestratorTemplate = await templates.of(variant);
      const system = { ...variant.system, adminUrl, directory, orchestratorTemplate } as const;
      const turn = await costTurn(
        variant.name,
        { ...system, broker: 'embedded', transaction: 'shared', door: 'startSaga' },
        postgres,
        Number(options.seconds),
      );
      console.error(`${round}/${options.rounds} ${variant.name}: ${turn.turn.cpuMsPerSaga.toFixed(2)} ms CPU`);
      turns.push(turn);
    }
  }
  return turns;
}

void main();
