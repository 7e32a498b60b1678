/*
 * Defines the names of all topics and consumer groups; no other file makes them. The names of an orchestrator's own
 * topics begin with its name, those of a service with the service's name. The prefix of the environment, if there is
 * one, comes first.
 */
import { ConfigurationError } from './errors';

export const DEFAULT_ORCHESTRATOR = 'orchestrator';

/** The service name by which children reply to their parents: the orchestrator, under any name. */
export const CHILDREN = 'orchestrator';

/** The default orchestrator's topics keep these names; other orchestrators use their own name. */
const LIFECYCLE = 'saga';

const NAME = /^[a-z][a-z0-9-]*$/;
const PREFIX = /^[A-Za-z0-9._-]*$/;
/** Kafka allows 249 characters for a topic's name; this many remain for the orchestrator's. */
const MAX_NAME = 100;

/** What the names of topics and groups are made from. */
export interface Naming {
  /** The orchestrator's name. @default 'orchestrator' */
  readonly orchestrator?: string | undefined;
  /** Prefixes the names of all topics and groups, such as `staging.`. @default '' */
  readonly prefix?: string | undefined;
}

/** The topics and groups of an orchestrator and of the services around it. Made by {@link topicsOf}. */
export class Topics {
  /** Requests to the orchestrator: starts, signals, and messages about children. */
  readonly commands: string;
  /** Acknowledgements of the starts and signals that services sent. */
  readonly acknowledgements: string;
  /** Its messages that could not be processed. */
  readonly deadLetters: string;
  /** The lifecycle events of its sagas. */
  readonly lifecycle: string;
  /** The common beginning of the topics of replies to it. */
  private readonly replies: string;

  constructor(
    /** Of the orchestrator itself. */
    readonly orchestrator: string,
    readonly prefix: string,
  ) {
    const isDefault = orchestrator === DEFAULT_ORCHESTRATOR;
    this.commands = this.commandsOf(orchestrator);
    this.replies = `${prefix}${orchestrator}.replies.`;
    this.acknowledgements = `${prefix}${orchestrator}.acknowledgements`;
    this.deadLetters = `${prefix}${isDefault ? LIFECYCLE : orchestrator}.dead-letters`;
    this.lifecycle = this.eventsOf(isDefault ? LIFECYCLE : orchestrator);
  }

  /** The topic of commands to a service, from every orchestrator that it serves. */
  commandsOf(service: string): string {
    return `${this.prefix}${service}.commands`;
  }

  /**
   * The topic of a participant's replies; one each, so that access rules can prevent participants from replying for
   * each other.
   */
  repliesOf(service: string): string {
    return `${this.replies}${service}`;
  }

  /** The topic of a service's events, for any number of subscribers. */
  eventsOf(service: string): string {
    return `${this.prefix}${service}.events`;
  }

  /**
   * Returns the participant that replies on this topic; undefined when it is not a reply topic of this orchestrator.
   */
  whoRepliesBy(topic: string): string | undefined {
    return topic.startsWith(this.replies) ? topic.slice(this.replies.length) : undefined;
  }

  /** Returns the orchestrator whose reply topic this is, in this environment; undefined for other topics. */
  whoIsRepliedToBy(topic: string): string | undefined {
    if (!topic.startsWith(this.prefix)) return undefined;
    return /^([a-z][a-z0-9-]*)\.replies\.[\w-]+$/.exec(topic.slice(this.prefix.length))?.[1];
  }

  /** True when dead letters of this topic may be redriven to it: replies to the orchestrator, commands and events. */
  mayBeRedriven(topic: string): boolean {
    if (!topic.startsWith(this.prefix)) return false;
    const from = this.whoRepliesBy(topic);
    return from === undefined
      ? /^[\w-]+\.(commands|events)$/.test(topic.slice(this.prefix.length))
      : /^[\w-]+$/.test(from);
  }

  /** True when commands to participants are sent to this topic. */
  isToParticipant(topic: string): boolean {
    return topic.endsWith('.commands') && topic !== this.commands;
  }

  /** Returns the empty topic by which a database claims the orchestrator's name. */
  claimOf(database: string): string {
    return `${this.prefix}${this.orchestrator}.database.${database}`;
  }

  /** Returns the database that claims the orchestrator's name by this topic; undefined for other topics. */
  claimedBy(topic: string): string | undefined {
    const claims = this.claimOf('');
    return topic.startsWith(claims) ? topic.slice(claims.length) : undefined;
  }

  /** The group in which the orchestrator reads requests and replies. */
  get ownGroup(): string {
    return this.group(this.orchestrator);
  }

  /** The group in which it stores dead letters. */
  get deadLetterGroup(): string {
    return this.group(`${this.orchestrator}.dead-letters`);
  }

  /** Returns the name of a consumer group in this environment. */
  group(name: string): string {
    return `${this.prefix}${name}`;
  }
}

/**
 * Returns all names of an orchestrator and the services around it.
 *
 * @throws ConfigurationError when the name or the prefix cannot be part of a topic's name.
 */
export function topicsOf({ orchestrator = DEFAULT_ORCHESTRATOR, prefix = '' }: Naming = {}): Topics {
  if (!NAME.test(orchestrator) || orchestrator.length > MAX_NAME)
    throw new ConfigurationError(
      `"${orchestrator}" is not a valid name of an orchestrator; use lower-case letters, digits and dashes, at most ${MAX_NAME}: shop.`,
    );
  if (orchestrator === LIFECYCLE)
    throw new ConfigurationError(
      `An orchestrator cannot be named ${LIFECYCLE}: the default one has ${LIFECYCLE}.events and ${LIFECYCLE}.dead-letters.`,
    );
  if (!PREFIX.test(prefix) || prefix.length > MAX_NAME)
    throw new ConfigurationError(
      `"${prefix}" is not a valid topic prefix; use letters, digits, dots, dashes and underscores, at most ${MAX_NAME}: staging.`,
    );
  return new Topics(orchestrator, prefix);
}

/** What a topic is for. A `claim` is empty: its name alone claims an orchestrator's name for a database. */
export type TopicUse = 'commands' | 'replies' | 'events' | 'acknowledgements' | 'dead-letters' | 'claim';

const USES: readonly (readonly [RegExp, TopicUse])[] = [
  [/\.replies\.[\w-]+$/, 'replies'],
  [/\.database\.[\w-]+$/, 'claim'],
  [/\.commands$/, 'commands'],
  [/\.events$/, 'events'],
  [/\.acknowledgements$/, 'acknowledgements'],
  [/\.dead-letters$/, 'dead-letters'],
];

/** Returns what a topic of any orchestrator or service is for; undefined for other topics. */
export function useOf(topic: string): TopicUse | undefined {
  return USES.find(([name]) => name.test(topic))?.[1];
}

/** True for topics with commands, starts and replies of any orchestrator's sagas. */
export function isOfSagas(topic: string): boolean {
  return ['commands', 'replies'].includes(String(useOf(topic)));
}

/** True for topics of events. */
export function isOfEvents(topic: string): boolean {
  return useOf(topic) === 'events';
}

/**
 * Returns the topics among these that need the same number of partitions: of each orchestrator, the requests to it and
 * the replies to it. The same partition number of each belongs to the same instance.
 */
export function partitionedAlike(topics: readonly string[]): readonly (readonly string[])[] {
  const beginningOf = (topic: string): string => topic.replace(/(?<=\.)(?:commands|replies\.[\w-]+)$/, '');
  const beginnings = new Set(topics.filter((topic) => useOf(topic) === 'replies').map(beginningOf));
  return [...beginnings].map((beginning) =>
    topics.filter((topic) => isOfSagas(topic) && beginningOf(topic) === beginning),
  );
}

/* The names of the default orchestrator. */
const DEFAULTS = new Topics(DEFAULT_ORCHESTRATOR, '');
export const ORCHESTRATOR_COMMANDS = DEFAULTS.commands;
export const ACKNOWLEDGEMENTS = DEFAULTS.acknowledgements;
export const DEAD_LETTERS = DEFAULTS.deadLetters;
export const commandTopic = (service: string): string => DEFAULTS.commandsOf(service);
export const replyTopic = (service: string): string => DEFAULTS.repliesOf(service);
export const eventTopic = (service: string): string => DEFAULTS.eventsOf(service);
