import type { JsonSchema, Topics } from '../contract';
import { channel, refsTo, refTo, type Entries } from './channels';
import type { DocumentedMessage } from './messages';

const text = (description: string): JsonSchema => ({ type: 'string', description });

/** A message that nobody could take: key and value as they came, and in headers where it was and why. */
export const deadLetterMessage: DocumentedMessage = {
  key: 'dead-letter',
  schemas: {},
  message: {
    name: 'dead-letter',
    title: 'a message that nobody could take',
    contentType: 'application/octet-stream',
    headers: {
      type: 'object',
      required: ['reason', 'detail', 'service', 'original-topic', 'original-partition', 'original-offset'],
      properties: {
        reason: text('Why, in a word, such as unknown-type.'),
        detail: text('Why, in a sentence.'),
        service: text('Who could not take it.'),
        'original-topic': text('Where it was.'),
        'original-partition': text('A number.'),
        'original-offset': text('A number.'),
        'original-bytes': text('The size of the value as it came.'),
        'original-headers': text('The headers as they came: JSON, a list of pairs of a name and a value in base64.'),
        cut: text('What of the message is incomplete here, separated by commas: key, headers, value.'),
      },
    },
    payload: { description: 'The value of the message, byte for byte.' },
  },
};

export function deadLetterChannel({ deadLetters }: Topics): Entries {
  return channel(deadLetters, 'What nobody could take, for people to look at.', [deadLetterMessage]);
}

export function deadLetterOperations({ deadLetters }: Topics): Entries {
  const where = { channel: refTo(deadLetters), messages: refsTo(deadLetters, [deadLetterMessage]) };
  return { 'receiver.send.dead-letter': { action: 'send', tags: [{ name: 'receiver' }], ...where } };
}
