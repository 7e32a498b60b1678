/*
 * The rights that orchestrators and services need on a Kafka cluster, in terms of its ACLs. Kafka's READ and WRITE
 * include DESCRIBE. DESCRIBE_CONFIGS is for the check of topics at a start; CREATE is needed only where services create
 * their topics themselves.
 */
import {
  CHILDREN,
  ConfigurationError,
  DEFAULT_ORCHESTRATOR,
  topicsOf,
  type EventContract,
  type Topics,
} from '../contract';
import type { SagaDefinition } from '../definition';

/** What an ACL allows, in Kafka's words. */
export type AclOperation = 'Create' | 'Delete' | 'Describe' | 'DescribeConfigs' | 'Read' | 'Write';

/** Operations on a topic, a group, or all whose names begin with a prefix, that a principal is allowed. */
export interface Acl {
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly AclOperation[];
}

/** An orchestrator and the definitions that it runs. */
export interface SecuredOrchestrator {
  /** @default 'orchestrator' */
  readonly name?: string;
  readonly definitions: readonly SagaDefinition[];
}

/** What contracts and definitions do not say about a service. Participants that only answer commands need none. */
export interface SecuredService {
  readonly name: string;
  /** The sagas that it starts and the signals that it sends: their `defineStart` and `defineSignal`. */
  readonly starts?: readonly { readonly orchestrator?: string | undefined }[];
  /** The events that it publishes. */
  readonly publishes?: readonly EventContract[];
  readonly subscribes?: readonly SecuredSubscription[];
  /** Whether it follows its own events by a BroadcastSubscription. @default false */
  readonly followsOwnEvents?: boolean;
}

/** The events that a service reads as a subscriber. */
export interface SecuredSubscription {
  readonly group: string;
  /** The name is the beginning of several groups, such as `reporting.`. @default false */
  readonly isPrefix?: boolean;
  readonly events: readonly EventContract[];
  /** The name of the orchestrator that keeps its dead letters. @default that of the first orchestrator */
  readonly orchestrator?: string;
}

/** What {@link aclsOf} needs to know of a system. */
export interface SecuredSystem {
  readonly orchestrators: readonly [SecuredOrchestrator, ...SecuredOrchestrator[]];
  readonly services?: readonly SecuredService[];
  /** The prefix of all topics and groups. @default '' */
  readonly prefix?: string;
  /** Whether services create their topics themselves. @default false */
  readonly createTopics?: boolean;
  /** The principal of an orchestrator or a service. @default `User:` and its name */
  readonly principalOf?: (name: string) => string;
}

/**
 * The ACLs that a system needs at least, by principal.
 *
 * @throws ConfigurationError when a service names an orchestrator that the system does not have
 */
export function aclsOf({
  orchestrators,
  services = [],
  prefix = '',
  createTopics = false,
  principalOf = (name) => `User:${name}`,
}: SecuredSystem): readonly Acl[] {
  const served = orchestrators.map(({ name, definitions }) => ({
    topics: topicsOf({ orchestrator: name, prefix }),
    participants: participantsOf(definitions),
  }));
  const [first] = served.map(({ topics }) => topics) as [Topics, ...Topics[]];
  expectKnown(
    services,
    served.map(({ topics }) => topics.orchestrator),
  );
  const named = (name: string): Topics => topicsOf({ orchestrator: name, prefix });
  const rights = new Rights(createTopics);
  for (const { topics, participants } of served) {
    const redriven = subscriptionsOf(services)
      .filter(({ orchestrator = first.orchestrator }) => orchestrator === topics.orchestrator)
      .flatMap(({ events }) => events.map(({ service }) => topics.eventsOf(service)));
    orchestratorRights(rights.of(principalOf(topics.orchestrator)), topics, { participants, redriven });
    for (const service of participants) participantRights(rights.of(principalOf(service)), service, topics);
  }
  for (const service of services) serviceRights(rights.of(principalOf(service.name)), service, { first, named });
  return rights.all();
}

/** Throws when a service names an orchestrator that is not one of these. */
function expectKnown(services: readonly SecuredService[], orchestrators: readonly string[]): void {
  for (const service of services) {
    const unknown = orchestratorsOf(service).find((each) => !orchestrators.includes(each));
    if (unknown !== undefined)
      throw new ConfigurationError(
        `The service ${service.name} names the orchestrator ${unknown}; the system has ${orchestrators.join(', ')}.`,
      );
  }
}

function orchestratorsOf({ starts = [], subscribes = [] }: SecuredService): readonly string[] {
  return [
    ...starts.map(({ orchestrator = DEFAULT_ORCHESTRATOR }) => orchestrator),
    ...subscribes.flatMap(({ orchestrator }) => orchestrator ?? []),
  ];
}

interface OrchestratorTargets {
  readonly participants: readonly string[];
  /** The topics of events whose dead letters it keeps. */
  readonly redriven: readonly string[];
}

/** A redrive reads the message in its topic, and sends it there again. */
function orchestratorRights(allow: Allow, topics: Topics, { participants, redriven }: OrchestratorTargets): void {
  const replies = [...participants, CHILDREN].map((service) => topics.repliesOf(service));
  const commands = [topics.commands, ...participants.map((service) => topics.commandsOf(service))];
  for (const topic of [...commands, ...replies, topics.deadLetters, ...redriven]) allow.topic(topic, 'Read', 'Write');
  for (const topic of [topics.acknowledgements, topics.lifecycle]) allow.topic(topic, 'Write');
  for (const group of [topics.ownGroup, topics.deadLetterGroup]) allow.group(group);
  // Its diagnosis reports how far participants have come.
  for (const service of participants) allow.group(topics.group(service), 'Describe');
  // It sees the claims of other databases to its name, and makes its own.
  allow.add(
    { resource: 'topic', name: topics.claimOf(''), pattern: 'prefixed' },
    'Create',
    'Describe',
    'DescribeConfigs',
  );
}

function participantRights(allow: Allow, service: string, topics: Topics): void {
  allow.group(topics.group(service));
  allow.topic(topics.commandsOf(service), 'Read');
  allow.topic(topics.repliesOf(service), 'Write');
  allow.topic(topics.acknowledgements, 'Read');
  allow.topic(topics.deadLetters, 'Write');
  // Its start looks whether the topic exists.
  allow.topic(topics.commands, 'Describe');
}

function serviceRights(
  allow: Allow,
  { name, starts = [], publishes = [], subscribes = [], followsOwnEvents = false }: SecuredService,
  { first, named }: { readonly first: Topics; readonly named: (name: string) => Topics },
): void {
  for (const { orchestrator = DEFAULT_ORCHESTRATOR } of starts) {
    participantRights(allow, name, named(orchestrator));
    allow.topic(named(orchestrator).commands, 'Write');
  }
  for (const { service } of publishes) {
    participantRights(allow, name, first);
    allow.topic(first.eventsOf(service), 'Write');
  }
  if (followsOwnEvents) {
    allow.topic(first.eventsOf(name), 'Read');
    // Each instance has a group of its own, and deletes those that others have left.
    allow.add({ resource: 'group', name: first.group(`${name}-tail-`), pattern: 'prefixed' }, 'Read', 'Delete');
  }
  for (const { group, isPrefix, events, orchestrator = first.orchestrator } of subscribes) {
    allow.add({ resource: 'group', name: first.group(group), pattern: isPrefix ? 'prefixed' : 'literal' }, 'Read');
    allow.topic(named(orchestrator).deadLetters, 'Write');
    for (const { service } of events) allow.topic(first.eventsOf(service), 'Read');
  }
}

function participantsOf(definitions: readonly SagaDefinition[]): readonly string[] {
  const commands = definitions
    .flatMap(({ stages }) => stages.flatMap(({ steps }) => steps))
    .flatMap(({ action, compensation }) => [action?.command, compensation?.command]);
  const services = commands.flatMap((command) => command?.service ?? []);
  return [...new Set(services)].filter((service) => service !== CHILDREN);
}

function subscriptionsOf(services: readonly SecuredService[]): readonly SecuredSubscription[] {
  return services.flatMap(({ subscribes = [] }) => subscribes);
}

type Resource = Pick<Acl, 'resource' | 'name' | 'pattern'>;

/** Collects what one principal is allowed. */
interface Allow {
  add(resource: Resource, ...operations: readonly AclOperation[]): void;
  topic(name: string, ...operations: readonly AclOperation[]): void;
  /** @default 'Read' */
  group(name: string, operation?: AclOperation): void;
}

class Rights {
  private readonly allowed = new Map<string, Acl>();

  constructor(private readonly createTopics: boolean) {}

  of(principal: string): Allow {
    const add: Allow['add'] = (resource, ...operations) => {
      const key = JSON.stringify([principal, resource.resource, resource.pattern, resource.name]);
      const before = this.allowed.get(key)?.operations ?? [];
      this.allowed.set(key, { principal, ...resource, operations: withoutImplied([...before, ...operations]) });
    };
    const always: readonly AclOperation[] = ['DescribeConfigs', ...(this.createTopics ? (['Create'] as const) : [])];
    return {
      add,
      topic: (name, ...operations) => add({ resource: 'topic', name, pattern: 'literal' }, ...operations, ...always),
      group: (name, operation = 'Read') => add({ resource: 'group', name, pattern: 'literal' }, operation),
    };
  }

  all(): readonly Acl[] {
    return [...this.allowed.values()].toSorted((a, b) => compare(sortKey(a), sortKey(b)));
  }
}

function withoutImplied(operations: readonly AclOperation[]): readonly AclOperation[] {
  const implied = operations.includes('Read') || operations.includes('Write');
  return [...new Set(operations)].filter((each) => each !== 'Describe' || !implied).toSorted();
}

const sortKey = ({ principal, resource, pattern, name }: Acl): string => [principal, resource, pattern, name].join(' ');

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
