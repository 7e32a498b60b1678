import { CONTENT_TYPE, topicsOf, type CommandContract, type EventContract, type Topics } from '../contract';
import { DefinitionRegistry, type SagaDefinition } from '../definition';
import { acknowledgementChannel, acknowledgementMessage, acknowledgementOperations } from './acknowledgements';
import { channel, refsTo, refTo, type Entries } from './channels';
import type { Document } from './compatibility';
import { deadLetterChannel, deadLetterMessage, deadLetterOperations } from './dead-letters';
import { envelopeSchemas, HEADERS, SAGA_ID, SUBJECT } from './envelope-schemas';
import { eventChannels, eventMessage, eventOperations } from './events';
import { commandMessage, replyMessages, startMessage, type DocumentedMessage } from './messages';
import { usesOf } from './uses';

/** What an AsyncAPI document describes. */
export interface Documented {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  /** Every definition that the orchestrator runs. */
  readonly definitions: readonly SagaDefinition[];
  /** Every command that a participant handles, also those that no definition sends any longer. */
  readonly commands: readonly CommandContract[];
  /** Every event that is published. @default none */
  readonly events?: readonly EventContract[];
  /** The names of topics. @default those of the orchestrator without a name of its own */
  readonly topics?: Topics;
}

/** Describes all messages of a system, with senders and receivers, as an AsyncAPI 3 document in plain data. */
export function asyncApiOf({
  title,
  version,
  description,
  definitions,
  commands,
  events = [],
  topics = topicsOf(),
}: Documented): Document {
  const documentedCommands = commands.map((command) => ({
    command,
    message: commandMessage(command, usesOf(command, definitions)),
    answers: replyMessages(command),
  }));
  const starts = newestOf(definitions, topics).map(startMessage);
  const eventMessages = events.map(eventMessage);
  return {
    asyncapi: '3.0.0',
    info: { title, version, description },
    defaultContentType: CONTENT_TYPE,
    channels: {
      ...channel(topics.commands, 'Requests the start of sagas.', starts),
      ...acknowledgementChannel(topics),
      ...Object.assign({}, ...servicesOf(commands).map((service) => channelsOf(service, documentedCommands, topics))),
      ...eventChannels(eventMessages, topics),
      ...deadLetterChannel(topics),
    },
    operations: {
      ...startOperations(starts, topics),
      ...acknowledgementOperations(topics),
      ...Object.assign({}, ...documentedCommands.map((documentedCommand) => operationsOf(documentedCommand, topics))),
      ...eventOperations(eventMessages, topics),
      ...deadLetterOperations(topics),
    },
    components: componentsOf([
      ...starts,
      acknowledgementMessage,
      ...documentedCommands.flatMap(({ message, answers }) => [message, ...answers]),
      ...eventMessages,
      deadLetterMessage,
    ]),
  };
}

function componentsOf(messages: readonly DocumentedMessage[]): Entries {
  const trait = { contentType: CONTENT_TYPE, headers: HEADERS };
  return {
    messages: Object.fromEntries(messages.map(({ key, message }) => [key, message])),
    schemas: Object.assign({}, envelopeSchemas, ...messages.map(({ schemas }) => schemas)),
    messageTraits: {
      message: { ...trait, bindings: { kafka: { key: SAGA_ID, bindingVersion: '0.5.0' } } },
      event: { ...trait, bindings: { kafka: { key: SUBJECT, bindingVersion: '0.5.0' } } },
    },
    correlationIds: {
      command: { location: '$message.payload#/id', description: 'The reply has it as inreplyto.' },
      reply: { location: '$message.payload#/inreplyto', description: 'The id of the command.' },
    },
  };
}

interface DocumentedCommand {
  readonly command: CommandContract;
  readonly message: DocumentedMessage;
  readonly answers: readonly DocumentedMessage[];
}

function channelsOf(service: string, documentedCommands: readonly DocumentedCommand[], topics: Topics): Entries {
  const own = documentedCommands.filter(({ command }) => command.service === service);
  return {
    ...channel(
      topics.commandsOf(service),
      `Commands to ${service}.`,
      own.map(({ message }) => message),
    ),
    ...channel(
      topics.repliesOf(service),
      `Replies from ${service}. Only ${service} writes here.`,
      own.flatMap(({ answers }) => answers),
    ),
  };
}

function operationsOf({ command: { type, service }, message, answers }: DocumentedCommand, topics: Topics): Entries {
  const [to, from] = [topics.commandsOf(service), topics.repliesOf(service)];
  const request = { channel: refTo(to), messages: refsTo(to, [message]) };
  const reply = { channel: refTo(from), messages: refsTo(from, answers) };
  return {
    [`orchestrator.send.${type}`]: { action: 'send', tags: [{ name: 'orchestrator' }], ...request, reply },
    [`${service}.receive.${type}`]: {
      action: 'receive',
      tags: [{ name: service }],
      ...request,
      reply,
      bindings: { kafka: { groupId: { type: 'string', enum: [topics.group(service)] }, bindingVersion: '0.5.0' } },
    },
  };
}

function startOperations(starts: readonly DocumentedMessage[], { commands }: Topics): Entries {
  if (starts.length === 0) return {};
  const where = { channel: refTo(commands), messages: refsTo(commands, starts) };
  return {
    'starter.send.start-saga': { action: 'send', tags: [{ name: 'starter' }], ...where },
    'orchestrator.receive.start-saga': { action: 'receive', tags: [{ name: 'orchestrator' }], ...where },
  };
}

/** Returns the version of each definition that new sagas use. */
function newestOf(definitions: readonly SagaDefinition[], topics: Topics): readonly SagaDefinition[] {
  const registry = new DefinitionRegistry(definitions, topics);
  return [...new Set(definitions.map(({ name }) => name))].flatMap((name) => registry.newest(name) ?? []);
}

function servicesOf(commands: readonly CommandContract[]): readonly string[] {
  return [...new Set(commands.map(({ service }) => service))];
}
