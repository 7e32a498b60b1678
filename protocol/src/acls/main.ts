import { aclCommands, aclsOf, strimziUsers, type Acl } from '@palinode/saga/asyncapi';
import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stringify } from 'yaml';
import { shopSystem } from './shop';

/** `npm run acls`: prints the ACLs that the shop needs, for those who set them. */
function main(): void {
  const { format, brokers, commandConfig, cluster, prefix, orchestrator, createTopics } = commandLine(
    'npm run acls --',
    'Prints the ACLs that the shop needs, by its definitions and contracts. Each service has a user of its own name.',
  )
    .option('--format <format>', 'commands, json or strimzi', oneOf('commands', 'json', 'strimzi'), 'commands')
    .option('--brokers <addresses>', 'host:port, separated by commas, in the commands', '$KAFKA_BROKERS')
    .option('--command-config <file>', "the administrator's client settings, in the commands")
    .option('--cluster <name>', 'the Kafka resource of Strimzi', 'kafka')
    .option('--prefix <prefix>', 'of all topics and groups (KAFKA_TOPIC_PREFIX)', '')
    .option('--orchestrator <name>', 'the name of the orchestrator', 'orchestrator')
    .option('--create-topics', 'let the services create their topics', false)
    .parse()
    .opts();
  const printed: Record<typeof format, (acls: readonly Acl[]) => string> = {
    commands: (acls) => aclCommands(acls, { brokers, commandConfig }).join('\n'),
    json: (acls) => JSON.stringify(acls, null, 2),
    strimzi: (acls) =>
      strimziUsers(acls, cluster)
        .map((user) => stringify(user))
        .join('---\n'),
  };
  console.log(printed[format](aclsOf({ ...shopSystem(orchestrator), prefix, createTopics })));
}

main();
