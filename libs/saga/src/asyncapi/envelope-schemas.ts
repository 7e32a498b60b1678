/* The attributes of messages as JSON Schema; `docs/protocol.md` describes them in prose. */
import { CARRIED, CONTENT_TYPE, type JsonSchema } from '../contract';
import { schemaRef, type Schemas } from './data-schemas';

const MESSAGE_ID = '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$';
const KEY = { type: 'string', maxLength: 512 };

export const messageId = (description: string): JsonSchema => ({ type: 'string', pattern: MESSAGE_ID, description });
const direction = { type: 'string', enum: ['action', 'compensation'] };

export const SAGA_ID: JsonSchema = { type: 'string', pattern: UUID, description: 'The id of the saga.' };
export const SUBJECT: JsonSchema = { ...KEY, description: 'The business key, such as an order id.' };

/** The attributes that every sender sets. Receivers require fewer: `docs/protocol.md` has the table. */
const ALWAYS_THERE = ['specversion', 'id', 'type', 'source', 'time', 'datacontenttype', 'data'];

const attributes: Schemas = {
  specversion: { const: '1.0' },
  id: messageId('UUIDv7, created when the message is first sent. A re-send keeps it.'),
  type: { ...KEY, description: 'The name of the message and its version.' },
  source: { type: 'string', minLength: 1, format: 'uri-reference', description: 'The sender.' },
  time: { type: 'string', format: 'date-time', description: 'Set by every sender; receivers do not need it.' },
  subject: SUBJECT,
  datacontenttype: { const: 'application/json' },
  dataschema: { type: 'string', format: 'uri', description: 'Names the schema of data.' },
  traceparent: { ...KEY, description: CARRIED.traceparent },
};

const carried = Object.fromEntries(
  Object.entries(CARRIED).map(([name, description]) => [name, { ...KEY, description }]),
);

const reply = (outcome: JsonSchema): JsonSchema => ({
  allOf: [schemaRef('envelope')],
  type: 'object',
  required: ['sagastep', 'sagadirection', 'inreplyto', 'outcome'],
  properties: {
    sagastep: { ...KEY, description: 'As in the command.' },
    sagadirection: { ...direction, description: 'As in the command.' },
    inreplyto: messageId('The id of the command.'),
    outcome,
  },
});

export const envelopeSchemas: Schemas = {
  'cloud-event': {
    type: 'object',
    description: 'A CloudEvents 1.0 document. Receivers ignore unknown attributes.',
    required: ALWAYS_THERE,
    properties: attributes,
  },
  envelope: {
    type: 'object',
    description: 'A CloudEvents 1.0 document. Receivers ignore unknown attributes.',
    required: [...ALWAYS_THERE, 'sagaid'],
    properties: {
      ...attributes,
      ...carried,
      sagaid: SAGA_ID,
    },
  },
  event: {
    type: 'object',
    description: 'A CloudEvents 1.0 document. Events of one subject arrive in the order of their commits.',
    required: [...ALWAYS_THERE, 'subject'],
    properties: attributes,
  },
  command: {
    allOf: [schemaRef('envelope')],
    type: 'object',
    required: ['sagastep', 'sagadirection', 'sagaattempt', 'replyto'],
    properties: {
      sagastep: KEY,
      sagadirection: direction,
      sagaattempt: {
        type: 'integer',
        minimum: 1,
        description: 'For logs; receivers do not need it. A new attempt has a new id.',
      },
      sagalastattempt: {
        type: 'boolean',
        description: 'No other attempt follows automatically; a participant that fails it also dead-letters it.',
      },
      replyto: { type: 'string', description: 'The topic of the reply.' },
      undoes: messageId('On a compensation: the id of the command that it compensates.'),
    },
  },
  reply: reply({ type: 'string', enum: ['success', 'refusal', 'failure'] }),
  'unknown-outcome': reply({
    const: 'unknown',
    description: 'It is not known whether the command took effect (rule 22).',
  }),
  'objection.v1': {
    type: 'object',
    required: ['reason'],
    properties: {
      reason: { type: 'string', maxLength: 100 },
      detail: { type: 'string' },
      unfinished: { type: 'boolean', description: 'On a failure: a third party has acted nevertheless.' },
    },
  },
};

/** The headers of every message. */
export const HEADERS: JsonSchema = {
  type: 'object',
  required: ['content-type'],
  properties: { 'content-type': { const: CONTENT_TYPE } },
};
