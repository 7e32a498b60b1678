import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { commandLine, numberFrom } from '@palinode/test-support/command-line';
import { stateDirectory } from '@palinode/test-support/repository';
import { pathOf, SHOP } from '../asyncapi/document-file';
import { conformanceOf, type ConformanceOptions } from './conformance';
import { countAt } from './effect-count';
import { reportOf } from './report';

/** `npm run conformance`: plays the orchestrator against a running participant, and reports which rules it follows. */
async function main(): Promise<void> {
  const { observe, ...options } = readArguments();
  const brokers = options.brokers.join(', ');
  console.log(`${options.participant} on ${brokers}, by docs/protocol.md. It gets commands that have effects.\n`);
  const verdicts = await conformanceOf(observe === undefined ? options : { ...options, observe: countAt(observe) });
  const { lines, ok } = reportOf(verdicts, {
    effects: observe !== undefined,
    failures: Object.keys(options.failing ?? {}).length > 0,
  });
  console.log(lines.join('\n'));
  process.exitCode = ok ? 0 : 1;
}

function readArguments(): Omit<ConformanceOptions, 'observe'> & { observe: string | undefined } {
  const {
    participant,
    brokers,
    asyncapi = pathOf(SHOP.file),
    commands,
    failing,
    group,
    observe,
    orchestrators,
    topicPrefix,
    deadline,
  } = commandLine(
    'npm run conformance --',
    'Plays the orchestrator against a running participant, and reports which rules of docs/protocol.md it follows.',
  )
    .requiredOption('--participant <topic>', 'its command topic as in the document, such as payment.commands')
    .option(
      '--brokers <list>',
      'host:port of some brokers, separated by commas; else KAFKA_BROKERS, else those of npm start',
    )
    .option('--asyncapi <file>', 'the document that describes the participant; else docs/asyncapi.yaml')
    .option('--commands <file>', 'JSON or YAML: values of payload fields by command type, or * for all')
    .option('--failing <file>', 'JSON or YAML: values of payload fields, by command type, for which the handler fails')
    .option('--group <name>', 'its consumer group; else the prefix and the name of its service')
    .option(
      '--observe <url>',
      'returns the number of effects, as a number, a list, {"count": …} or {"items": […]}; {orderId} in it is replaced by the value of the field orderId',
    )
    .option('--orchestrators <names>', 'those that it serves, separated by commas; else orchestrator')
    .option('--topic-prefix <prefix>', 'the prefix of all topics and groups of its environment, such as staging.')
    .option('--deadline <seconds>', 'how long to wait for a reply', numberFrom(0.001), 10)
    .parse()
    .opts();
  return {
    participant,
    brokers: (brokers ?? process.env['KAFKA_BROKERS'] ?? runningBrokers()).split(','),
    document: read(asyncapi),
    ...(commands === undefined ? {} : { commands: read(commands) as Payloads }),
    ...(failing === undefined ? {} : { failing: read(failing) as Payloads }),
    ...(group === undefined ? {} : { group }),
    ...(orchestrators === undefined ? {} : { orchestrators: orchestrators.split(',') as [string, ...string[]] }),
    ...(topicPrefix === undefined ? {} : { topicPrefix }),
    observe,
    deadlineMs: deadline * 1000,
  };
}

type Payloads = NonNullable<ConformanceOptions['commands']>;

function read(file: string): Readonly<Record<string, unknown>> {
  return parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>;
}

/** Those of the stack that `npm start` runs. */
function runningBrokers(): string {
  const file = join(stateDirectory, 'stack.json');
  if (!existsSync(file)) throw new Error('No brokers are known: run npm start, set KAFKA_BROKERS, or give --brokers.');
  return (JSON.parse(readFileSync(file, 'utf8')) as { brokers: string[] }).brokers.join(',');
}

main().catch((error: unknown) => {
  console.error((error as Error).message);
  process.exitCode = 2;
});
