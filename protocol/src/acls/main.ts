import { aclCommands, aclsOf, strimziUsers, type Acl } from '@palinode/saga/asyncapi';
import { commandLine, oneOf } from '@palinode/test-support/command-line';
import { stringify } from 'yaml';
import { shopSystem } from './shop';

/** `npm run acls`: prints the ACLs that the shop needs, by its definitions and contracts. */
function main(): void {
  const options = commandLine('npm run acls --', 'Prints the ACLs that the shop needs on a Kafka cluster.')
    .option(
      '--format <format>',
      'commands of kafka-acls.sh, json, or strimzi',
      oneOf('commands', 'json', 'strimzi'),
      'commands',
    )
    .option('--prefix <prefix>', 'the prefix of all topics and groups', '')
    .option('--orchestrator <name>', 'the name of the orchestrator')
    .option('--create-topics', 'let the services create their topics', false)
    .option('--bootstrap-server <addresses>', 'of the commands', 'localhost:9092')
    .option('--command-config <file>', 'of the commands')
    .option('--cluster <name>', 'the Kafka resource of Strimzi', 'kafka')
    .parse()
    .opts();
  const { prefix, orchestrator, createTopics: createsTopics, bootstrapServer, commandConfig, cluster } = options;
  const acls = aclsOf({ ...shopSystem(orchestrator), prefix, createsTopics });
  const formats: Record<typeof options.format, (all: readonly Acl[]) => string> = {
    commands: (all) => aclCommands(all, { bootstrapServer, commandConfig }).join('\n'),
    json: (all) => JSON.stringify(all, undefined, 2),
    strimzi: (all) =>
      strimziUsers(all, { cluster })
        .map((user) => stringify(user))
        .join('---\n')
        .trimEnd(),
  };
  console.log(formats[options.format](acls));
}

main();
