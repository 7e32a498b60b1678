import { ACKNOWLEDGEMENT, CONTENT_TYPE, schemaUri, type Topics } from '../contract';
import { channel, refsTo, refTo, type Entries } from './channels';
import { schemaRef } from './data-schemas';
import { HEADERS, messageId } from './envelope-schemas';
import type { DocumentedMessage } from './messages';

/**
 * Describes the message that lists for a service which of its starts and signals the orchestrator has stored or
 * dead-lettered.
 */
export const acknowledgementMessage: DocumentedMessage = {
  key: ACKNOWLEDGEMENT,
  schemas: {
    [ACKNOWLEDGEMENT]: {
      type: 'object',
      required: ['to', 'ids'],
      properties: {
        to: { type: 'string', maxLength: 512, description: 'The source of the messages.' },
        ids: {
          type: 'array',
          items: messageId('A message that need not be sent again: it was stored or dead-lettered.'),
        },
      },
    },
  },
  message: {
    name: ACKNOWLEDGEMENT,
    title: 'the acknowledged messages',
    contentType: CONTENT_TYPE,
    headers: HEADERS,
    payload: {
      allOf: [schemaRef('cloud-event')],
      type: 'object',
      properties: {
        type: { const: ACKNOWLEDGEMENT },
        dataschema: { const: schemaUri(ACKNOWLEDGEMENT) },
        data: schemaRef(ACKNOWLEDGEMENT),
      },
    },
  },
};

export function acknowledgementChannel({ acknowledgements }: Topics): Entries {
  const description =
    'Acknowledgements of the starts and signals that services sent. Only the orchestrator writes here.';
  return channel(acknowledgements, description, [acknowledgementMessage]);
}

export function acknowledgementOperations({ acknowledgements }: Topics): Entries {
  const where = { channel: refTo(acknowledgements), messages: refsTo(acknowledgements, [acknowledgementMessage]) };
  return {
    'orchestrator.send.acknowledgement': { action: 'send', tags: [{ name: 'orchestrator' }], ...where },
    'starter.receive.acknowledgement': { action: 'receive', tags: [{ name: 'starter' }], ...where },
  };
}
