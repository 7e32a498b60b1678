import { commandLine, oneOf, wholeNumber } from '@palinode/test-support/command-line';
import { neededTopics } from '@palinode/saga/asyncapi';
import { topicsOf } from '@palinode/saga/contract';
import { shop } from '../asyncapi/shop';
import { printed } from './printed';

/** `npm run topics`: prints the topics that the shop needs, for those who create them. */
function main(): void {
  const { format, brokers, cluster, partitions, replicas, prefix, orchestrator } = commandLine(
    'npm run topics --',
    'Prints the topics that the shop needs, so that services need not create them (KAFKA_CREATE_TOPICS=false).',
  )
    .option('--format <format>', 'commands, json or strimzi', oneOf('commands', 'json', 'strimzi'), 'commands')
    .option('--brokers <addresses>', 'host:port, separated by commas, in the commands', '$KAFKA_BROKERS')
    .option('--cluster <name>', 'the Kafka resource of Strimzi', 'kafka')
    .option('--partitions <number>', 'of each topic', wholeNumber(1), 4)
    .option('--replicas <number>', 'of each topic', wholeNumber(1), 3)
    .option('--prefix <prefix>', 'of all topics (KAFKA_TOPIC_PREFIX)', '')
    .option('--orchestrator <name>', 'the name of the orchestrator', 'orchestrator')
    .parse()
    .opts();
  const topics = neededTopics({ ...shop, topics: topicsOf({ orchestrator, prefix }), partitions, replicas });
  console.log(printed[format](topics, { brokers, cluster }));
}

main();
