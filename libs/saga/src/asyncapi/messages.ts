import { REJECTION_SCHEMA, replyType, schemaUri, START_SAGA, type CommandContract, type JsonSchema } from '../contract';
import type { SagaDefinition } from '../definition';
import { dataSchemas, schemaRef, type Schemas } from './data-schemas';
import type { Use } from './uses';

/** A message of the document, with the schemas of its data. */
export interface DocumentedMessage {
  /** Its key among the document's components. */
  readonly key: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly schemas: Schemas;
}

export function commandMessage({ type, name, payload }: CommandContract, uses: readonly Use[]): DocumentedMessage {
  const attributes = { type: { const: type }, dataschema: { const: schemaUri(type) }, data: schemaRef(type) };
  return {
    key: type,
    schemas: dataSchemas(type, payload),
    message: {
      name: type,
      title: name,
      traits: [{ $ref: '#/components/messageTraits/message' }],
      correlationId: { $ref: '#/components/correlationIds/command' },
      payload: envelope('command', attributes),
      ...(uses.length > 0 ? { 'x-sagas': uses } : {}),
    },
  };
}

/** Returns one message for each outcome that the contract allows. */
export function replyMessages(command: CommandContract): readonly DocumentedMessage[] {
  const type = replyType(command.type);
  const success = command.reply === undefined ? { type: 'null' } : schemaRef(type);
  const refusal = {
    allOf: [schemaRef('objection.v1')],
    type: 'object',
    properties: { reason: { enum: command.refusals } },
  };
  return [
    replyMessage(
      command,
      'success',
      schemaUri(type),
      success,
      command.reply === undefined ? {} : dataSchemas(type, command.reply),
    ),
    ...(command.refusals.length > 0 ? [replyMessage(command, 'refusal', REJECTION_SCHEMA, refusal)] : []),
    replyMessage(command, 'failure', REJECTION_SCHEMA, schemaRef('objection.v1')),
    replyMessage(command, 'unknown', REJECTION_SCHEMA, schemaRef('objection.v1')),
  ];
}

function replyMessage(
  command: CommandContract,
  outcome: string,
  dataschema: string,
  data: JsonSchema,
  schemas: Schemas = {},
): DocumentedMessage {
  const type = replyType(command.type);
  const attributes = { type: { const: type }, dataschema: { const: dataschema }, outcome: { const: outcome }, data };
  return {
    key: `${type}.${outcome}`,
    schemas,
    message: {
      name: type,
      title: `${outcome} of ${command.name}`,
      traits: [{ $ref: '#/components/messageTraits/message' }],
      correlationId: { $ref: '#/components/correlationIds/reply' },
      payload: envelope(outcome === 'unknown' ? 'unknown-outcome' : 'reply', attributes),
    },
  };
}

/** The message that starts a saga with the newest version of its definition. */
export function startMessage({ name, input }: SagaDefinition): DocumentedMessage {
  const key = `${START_SAGA}.${name}`;
  const data = {
    type: 'object',
    required: ['saga', 'input'],
    properties: { saga: { const: name }, input: schemaRef(key) },
  };
  return {
    key,
    schemas: dataSchemas(key, input),
    message: {
      name: START_SAGA,
      title: `start ${name}`,
      traits: [{ $ref: '#/components/messageTraits/message' }],
      payload: envelope('envelope', {
        type: { const: START_SAGA },
        dataschema: { const: schemaUri(START_SAGA) },
        data,
      }),
    },
  };
}

function envelope(kind: string, attributes: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { allOf: [schemaRef(kind)], type: 'object', properties: attributes };
}
