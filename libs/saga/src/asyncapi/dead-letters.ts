import type { JsonSchema, Topics } from '../contract';
import { channel, refsTo, refTo, type Entries } from './channels';
import type { DocumentedMessage } from './messages';

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** Describes a dead letter: key and value as they arrived, with topic, position and reason in headers. */
export const deadLetterMessage: DocumentedMessage = {
  key: 'dead-letter',
  schemas: {},
  message: {
    name: 'dead-letter',
    title: 'a message that no receiver could process',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      required: ['reason', 'detail', 'service', 'original-topic', 'original-partition', 'original-offset'],
      properties: {
        reason: text('The reason as a code, such as unknown-type.'),
        detail: text('The reason as a sentence.'),
        service: text('The receiver that could not process it.'),
        'original-topic': text('The topic on which it arrived.'),
        'original-partition': text('A number.'),
        'original-offset': text('A number.'),
        'original-bytes': text('The size of the value when it arrived.'),
        'original-headers': text('The original headers: JSON, a list of pairs of a name and a value in base64.'),
        cut: text('The parts of the message that are truncated, separated by commas: key, headers, value.'),
      },
    },
    payload: { description: 'The value of the message, byte for byte.' },
  },
};

export function deadLetterChannel({ deadLetters }: Topics): Entries {
  return channel(deadLetters, 'Messages that no receiver could process, for operators.', [deadLetterMessage]);
}

export function deadLetterOperations({ deadLetters }: Topics): Entries {
  const where = { channel: refTo(deadLetters), messages: refsTo(deadLetters, [deadLetterMessage]) };
  return { 'receiver.send.dead-letter': { action: 'send', tags: [{ name: 'receiver' }], ...where } };
}
