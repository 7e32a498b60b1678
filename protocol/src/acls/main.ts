import { aclCommands, aclsOf, strimziUsers, type Acl } from '@palinode/saga/asyncapi';
import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stringify } from 'yaml';
import { shopSystem } from './shop';

/** `npm run acls`: prints the ACLs that the shop needs, for those who set them. */
function main(): void {
  const { format, bootstrapServer, commandConfig, cluster, prefix, orchestrator, createTopics } = commandLine(
    'npm run acls --',
    'Prints the ACLs that the shop needs, by its definitions and contracts. Each service has a user of its own name.',
  )
    .option('--format <format>', 'commands, json or strimzi', oneOf('commands', 'json', 'strimzi'), 'commands')
    .option('--bootstrap-server <addresses>', 'of the commands', 'localhost:9092')
    .option('--command-config <file>', "of the commands: the administrator's client settings")
    .option('--cluster <name>', 'the Kafka resource of Strimzi', 'kafka')
    .option('--prefix <prefix>', 'of all topics and groups (KAFKA_TOPIC_PREFIX)', '')
    .option('--orchestrator <name>', 'the name of the orchestrator', 'orchestrator')
    .option('--create-topics', 'let the services create their topics', false)
    .parse()
    .opts();
  const printed: Record<typeof format, (acls: readonly Acl[]) => string> = {
    commands: (acls) => aclCommands(acls, { bootstrapServer, commandConfig }).join('\n'),
    json: (acls) => JSON.stringify(acls, null, 2),
    strimzi: (acls) =>
      strimziUsers(acls, { cluster })
        .map((user) => stringify(user))
        .join('---\n'),
  };
  console.log(printed[format](aclsOf({ ...shopSystem(orchestrator), prefix, createTopics })));
}

main();
