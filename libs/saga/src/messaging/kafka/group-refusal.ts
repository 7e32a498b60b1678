import { isOfType } from './error-type';

export interface Membership {
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
}

/** Why the broker refuses a member of a group. */
export interface GroupRefusal {
  /** A sentence with the remedy. */
  readonly why: string;
  /** Whether this lasts until a setting is changed; otherwise it may end when other members leave. */
  readonly final: boolean;
}

type Explain = (membership: Membership) => string;

/** The errors that kafkajs does not retry, or retries without limit, by their type. */
const FINAL: Readonly<Record<string, Explain>> = {
  INVALID_SESSION_TIMEOUT: ({ group, sessionTimeoutMs }) =>
    `The broker refuses the session timeout of ${sessionTimeoutMs} ms in the group ${group}. Set sessionTimeoutMs ` +
    '(KAFKA_SESSION_TIMEOUT_MS) to what its group.min.session.timeout.ms and group.max.session.timeout.ms allow, or change these.',
  GROUP_AUTHORIZATION_FAILED: ({ group }) =>
    `The broker does not let this process read as a member of the group ${group}. Allow it the operation READ on that group.`,
  TOPIC_AUTHORIZATION_FAILED: ({ group, topics }) =>
    `The broker does not let this process read the topics of the group ${group}. Allow it the operations READ and DESCRIBE on ${topics.join(', ')}.`,
  CLUSTER_AUTHORIZATION_FAILED: ({ group }) =>
    `The broker does not let this process join the group ${group}. Allow it the operation DESCRIBE on the cluster.`,
  INVALID_GROUP_ID: ({ group }) =>
    `The broker takes "${group}" for an invalid name of a group. Change the name, or its prefix.`,
};

const UNTIL_OTHERS_LEAVE: Readonly<Record<string, Explain>> = {
  INCONSISTENT_GROUP_PROTOCOL: ({ group }) =>
    `Other members of the group ${group} divide its partitions by a protocol that this process does not offer. Stop them, or ` +
    'give one of the two another group.',
  GROUP_MAX_SIZE_REACHED: ({ group }) =>
    `The group ${group} has as many members as the broker allows. Run fewer instances, or raise its group.max.size.`,
};

/** The reason in this error; undefined when the next attempt may succeed. */
export function groupRefusal(error: unknown, membership: Membership): GroupRefusal | undefined {
  const explain = explanationIn(error, FINAL);
  if (explain !== undefined) return { why: explain(membership), final: true };
  const why = explanationIn(error, UNTIL_OTHERS_LEAVE)?.(membership);
  return why === undefined ? undefined : { why, final: false };
}

function explanationIn(error: unknown, explanations: Readonly<Record<string, Explain>>): Explain | undefined {
  return Object.entries(explanations).find(([type]) => isOfType(error, type))?.[1];
}
