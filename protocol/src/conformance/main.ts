import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { stateDirectory } from '../../../stack/src/repository';
import { pathOf, SHOP } from '../asyncapi/document-file';
import { conformanceOf, type ConformanceOptions } from './conformance';
import { countAt } from './effect-count';
import { reportOf } from './report';

const usage = `Usage: npm run conformance -- --participant TOPIC [options]
  --participant TOPIC  the participant's command topic, such as payment.commands
  --brokers LIST       host:port of some brokers, with commas between; else KAFKA_BROKERS, else those of npm start
  --asyncapi FILE      the document that describes the participant; else docs/asyncapi.yaml
  --commands FILE      JSON or YAML: by the type of a command, or * for all, the values of payload fields
  --observe URL        answers how many effects there are, as a number, a list, {"count": …} or {"items": […]};
                       {orderId} in it stands for the value of the field orderId
  --deadline SECONDS   how long an answer may take; 10 unless told`;

/** `npm run conformance`: plays the orchestrator against a running participant, and tells which rules it keeps. */
async function main(): Promise<void> {
  const { observe, ...options } = readArguments();
  const brokers = options.brokers.join(', ');
  console.log(`${options.participant} on ${brokers}, by docs/protocol.md. It gets commands that have effects.\n`);
  const verdicts = await conformanceOf(observe === undefined ? options : { ...options, observe: countAt(observe) });
  const { lines, ok } = reportOf(verdicts, observe !== undefined);
  console.log(lines.join('\n'));
  process.exitCode = ok ? 0 : 1;
}

function readArguments(): Omit<ConformanceOptions, 'observe'> & { observe: string | undefined } {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { participant: text, brokers: text, asyncapi: text, commands: text, observe: text, deadline: text },
  });
  const { participant, brokers, asyncapi = pathOf(SHOP.file), commands, observe, deadline = '10' } = values;
  if (participant === undefined) throw new Error('--participant is missing.');
  if (!(Number(deadline) > 0)) throw new Error(`--deadline must be a number of seconds, not ${deadline}.`);
  return {
    participant,
    brokers: (brokers ?? process.env['KAFKA_BROKERS'] ?? runningBrokers()).split(','),
    document: read(asyncapi),
    ...(commands === undefined ? {} : { commands: read(commands) as NonNullable<ConformanceOptions['commands']> }),
    observe,
    deadlineMs: Number(deadline) * 1000,
  };
}

function read(file: string): Readonly<Record<string, unknown>> {
  return parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
}

/** Those of the stack that `npm start` runs. */
function runningBrokers(): string {
  const file = join(stateDirectory, 'stack.json');
  if (!existsSync(file)) throw new Error('Which brokers? Run npm start, set KAFKA_BROKERS, or name them: --brokers.');
  return (JSON.parse(readFileSync(file, 'utf8')) as { brokers: string[] }).brokers.join(',');
}

main().catch((error: unknown) => {
  console.error(`${(error as Error).message}\n\n${usage}`);
  process.exitCode = 2;
});
