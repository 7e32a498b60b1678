/*
 * The names of everything on a cluster, in one place: topics and consumer groups are made here and nowhere else. An
 * orchestrator's own begin with its name, those of a service with the service's; the prefix of the environment, if it has
 * one, stands before all of them.
 */
import { ConfigurationError } from './errors';

export const DEFAULT_ORCHESTRATOR = 'orchestrator';

/** The service by which children answer their parents: the orchestrator itself, whatever its name. */
export const CHILDREN = 'orchestrator';

/** The default orchestrator's own words for what others would name after themselves. */
const LIFECYCLE = 'saga';

const NAME = /^[a-z][a-z0-9-]*$/;
const PREFIX = /^[A-Za-z0-9._-]*$/;
/** What Kafka takes of a topic's name, 249 characters, leaves this much for it. */
const MAX_NAME = 100;

export interface Naming {
  /** The orchestrator's name. @default 'orchestrator' */
  readonly orchestrator?: string | undefined;
  /** Stands before the names of all topics and groups, such as `staging.`. @default '' */
  readonly prefix?: string | undefined;
}

/** The topics and groups of one orchestrator, and of the services around it. Made by {@link topicsOf}. */
export class Topics {
  /** What is asked of the orchestrator: starts, signals, and what becomes of children. */
  readonly commands: string;
  /** Where it tells what it has taken of what services asked of it. */
  readonly acknowledgements: string;
  /** What nobody could take of its messages. */
  readonly deadLetters: string;
  /** Where it makes known what becomes of its sagas. */
  readonly lifecycle: string;
  /** What the topics of replies to it begin with. */
  private readonly replies: string;

  constructor(
    /** Of the orchestrator. */
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

  /** Commands to a service, from every orchestrator that it serves. */
  commandsOf(service: string): string {
    return `${this.prefix}${service}.commands`;
  }

  /** One per participant, so that access rules can keep participants from answering for each other. */
  repliesOf(service: string): string {
    return `${this.replies}${service}`;
  }

  /** Facts of one service, for any number of subscribers. */
  eventsOf(service: string): string {
    return `${this.prefix}${service}.events`;
  }

  /** Who answers by this topic; undefined when it is no topic of replies to this orchestrator. */
  whoRepliesBy(topic: string): string | undefined {
    return topic.startsWith(this.replies) ? topic.slice(this.replies.length) : undefined;
  }

  /** The orchestrator whose topic of replies this is, in this environment; undefined for other topics. */
  whoIsRepliedToBy(topic: string): string | undefined {
    if (!topic.startsWith(this.prefix)) return undefined;
    return /^([a-z][a-z0-9-]*)\.replies\.[\w-]+$/.exec(topic.slice(this.prefix.length))?.[1];
  }

  /** Whether dead letters of this topic may be sent to it again: replies to the orchestrator, commands and events. */
  mayBeRedriven(topic: string): boolean {
    if (!topic.startsWith(this.prefix)) return false;
    const from = this.whoRepliesBy(topic);
    return from === undefined
      ? /^[\w-]+\.(commands|events)$/.test(topic.slice(this.prefix.length))
      : /^[\w-]+$/.test(from);
  }

  /** Whether this is where commands to participants go. */
  isToParticipant(topic: string): boolean {
    return topic.endsWith('.commands') && topic !== this.commands;
  }

  /** An empty topic by which a database claims the orchestrator's name. */
  claimOf(database: string): string {
    return `${this.prefix}${this.orchestrator}.database.${database}`;
  }

  /** The database that claims the orchestrator's name by this topic; undefined for other topics. */
  claimedBy(topic: string): string | undefined {
    const claims = this.claimOf('');
    return topic.startsWith(claims) ? topic.slice(claims.length) : undefined;
  }

  /** The group in which the orchestrator reads what is asked of it, and replies. */
  get ownGroup(): string {
    return this.group(this.orchestrator);
  }

  /** The group in which it keeps dead letters. */
  get deadLetterGroup(): string {
    return this.group(`${this.orchestrator}.dead-letters`);
  }

  /** A consumer group of this environment. */
  group(name: string): string {
    return `${this.prefix}${name}`;
  }
}

/**
 * All names of an orchestrator and the services around it.
 *
 * @throws ConfigurationError when the name or the prefix cannot be part of a topic's name.
 */
export function topicsOf({ orchestrator = DEFAULT_ORCHESTRATOR, prefix = '' }: Naming = {}): Topics {
  if (!NAME.test(orchestrator) || orchestrator.length > MAX_NAME)
    throw new ConfigurationError(
      `"${orchestrator}" is no name of an orchestrator; use lower-case letters, digits and dashes, at most ${MAX_NAME}: shop.`,
    );
  if (orchestrator === LIFECYCLE)
    throw new ConfigurationError(
      `An orchestrator cannot be named ${LIFECYCLE}: the default one has ${LIFECYCLE}.events and ${LIFECYCLE}.dead-letters.`,
    );
  if (!PREFIX.test(prefix) || prefix.length > MAX_NAME)
    throw new ConfigurationError(
      `"${prefix}" cannot stand before topics; use letters, digits, dots, dashes and underscores, at most ${MAX_NAME}: staging.`,
    );
  return new Topics(orchestrator, prefix);
}

/** True for topics whose messages are those of sagas: commands, starts and replies, of whichever orchestrator. */
export function isOfSagas(topic: string): boolean {
  return /\.(commands|replies\.[\w-]+)$/.test(topic);
}

/** True for topics of what services make known. */
export function isOfEvents(topic: string): boolean {
  return topic.endsWith('.events');
}

/* The names where nobody gives any. */
const DEFAULTS = new Topics(DEFAULT_ORCHESTRATOR, '');
export const ORCHESTRATOR_COMMANDS = DEFAULTS.commands;
export const ACKNOWLEDGEMENTS = DEFAULTS.acknowledgements;
export const DEAD_LETTERS = DEFAULTS.deadLetters;
export const commandTopic = (service: string): string => DEFAULTS.commandsOf(service);
export const replyTopic = (service: string): string => DEFAULTS.repliesOf(service);
export const eventTopic = (service: string): string => DEFAULTS.eventsOf(service);
