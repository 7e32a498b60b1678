/* ACLs in the forms of the tools that set them. */
import type { Acl } from './acls';

/** Where the commands are to be run. */
export interface KafkaCommandOptions {
  /** @default 'localhost:9092' */
  readonly bootstrapServer?: string;
  /** The file with the administrator's client settings, if it needs some. */
  readonly commandConfig?: string | undefined;
}

/** The commands of Apache Kafka that add these ACLs: one for all resources of a principal that allow it the same. */
export function aclCommands(
  acls: readonly Acl[],
  { bootstrapServer = 'localhost:9092', commandConfig }: KafkaCommandOptions = {},
): readonly string[] {
  const server = ['--bootstrap-server', bootstrapServer, ...(commandConfig ? ['--command-config', commandConfig] : [])];
  return groupedBy(acls, ({ principal, resource, pattern, operations }) =>
    JSON.stringify([principal, resource, pattern, operations]),
  ).map(([first, ...others]) => {
    const { principal, resource, pattern, operations } = first;
    const allowed = operations.flatMap((operation) => ['--operation', operation]);
    const resources = [first, ...others].flatMap(({ name }) => [`--${resource}`, name]);
    const prefixed = pattern === 'prefixed' ? ['--resource-pattern-type', 'prefixed'] : [];
    const words = ['--add', '--allow-principal', principal, ...allowed, ...prefixed, ...resources];
    return ['kafka-acls.sh', ...server, ...words].map(quoted).join(' ');
  });
}

/** Which cluster Strimzi is to change. */
export interface StrimziOptions {
  /** The name of the Kafka resource. */
  readonly cluster: string;
}

/** The KafkaUser resources of Strimzi for these ACLs, whose principals must be of the form `User:<name>`. */
export function strimziUsers(acls: readonly Acl[], { cluster }: StrimziOptions): readonly object[] {
  return groupedBy(acls, ({ principal }) => principal).map((own) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    metadata: { name: own[0].principal.replace(/^User:/, ''), labels: { 'strimzi.io/cluster': cluster } },
    spec: {
      authentication: { type: 'scram-sha-512' },
      authorization: {
        type: 'simple',
        acls: own.map(({ resource: type, name, pattern: patternType, operations }) => ({
          resource: { type, name, patternType },
          operations,
        })),
      },
    },
  }));
}

function groupedBy(acls: readonly Acl[], keyOf: (acl: Acl) => string): [Acl, ...Acl[]][] {
  const groups = new Map<string, [Acl, ...Acl[]]>();
  for (const acl of acls) {
    const group = groups.get(keyOf(acl));
    if (group === undefined) groups.set(keyOf(acl), [acl]);
    else group.push(acl);
  }
  return [...groups.values()];
}

/** For a shell. */
const quoted = (word: string): string => (/^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
