import { commandLine, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { neededTopics } from '@palinode/saga/asyncapi';
import { topicsOf } from '@palinode/saga/contract';
import { shop } from '../asyncapi/shop';
import { printed } from './printed';

/** `npm run topics`: prints the topics that the shop needs, for those who create them. */
function main(): void {
  const { format, prefix, orchestrator, partitions, replicas, ...options } = commandLine(
    'npm run topics --',
    'Prints the topics that the shop needs, so that services need not create them (KAFKA_CREATE_TOPICS=false).',
  )
    .option(
      '--format <format>',
      'commands of kafka-topics.sh, json, or strimzi',
      oneOf('commands', 'json', 'strimzi'),
      'commands',
    )
    .option('--prefix <prefix>', 'the prefix of all topics', '')
    .option('--orchestrator <name>', 'the name of the orchestrator')
    .option('--partitions <number>', 'of each topic', wholeNumber(1), 4)
    .option('--replicas <number>', 'of each topic', wholeNumber(1), 3)
    .option('--bootstrap-server <addresses>', 'of the commands', 'localhost:9092')
    .option('--command-config <file>', 'of the commands')
    .option('--cluster <name>', 'the Kafka resource of Strimzi', 'kafka')
    .parse()
    .opts();
  const topics = neededTopics({ ...shop, topics: topicsOf({ orchestrator, prefix }), partitions, replicas });
  console.log(printed[format](topics, options));
}

main();
