import { DEAD_LETTERS } from '../contract';
import { RecordingLog } from '../../test/recording-log';
import { deadLetter, logDeadLetter } from './dead-letter';
import type { LogFields } from './logger';
import { HEADERS_LEFT_OUT, type IncomingMessage, type OutgoingMessage } from './transport';

const message: IncomingMessage = {
  topic: 'shop.commands',
  partition: 3,
  offset: '42',
  key: Buffer.from([200, 1]),
  value: Buffer.from([0, 255, 7]),
};
const rejection = { reason: 'no-json', detail: 'The message is not valid JSON.' };
const letterOf = (changes: Partial<IncomingMessage> = {}): OutgoingMessage =>
  deadLetter({ ...message, ...changes }, rejection, 'shop', DEAD_LETTERS);

describe('a dead letter', () => {
  it('holds the message byte for byte, with its position and the reason', () => {
    expect(letterOf()).toMatchObject({
      topic: 'saga.dead-letters',
      key: Buffer.from([200, 1]),
      value: Buffer.from([0, 255, 7]),
      headers: {
        reason: 'no-json',
        detail: 'The message is not valid JSON.',
        service: 'shop',
        'original-topic': 'shop.commands',
        'original-partition': '3',
        'original-offset': '42',
        'original-bytes': '3',
      },
    });
    expect(letterOf().headers).not.toHaveProperty('cut');
  });

  it('distinguishes a missing value from an empty one', () => {
    expect(letterOf({ key: null, value: null })).toMatchObject({ key: null, value: null });
    expect(letterOf({ value: Buffer.alloc(0) }).value).toEqual(Buffer.alloc(0));
  });

  it('keeps all headers, including repeated names and arbitrary bytes', () => {
    const headers = { trace: Buffer.from([255, 0]), twice: [Buffer.from('a'), Buffer.from('b')] };
    expect(JSON.parse(String(letterOf({ headers }).headers?.['original-headers']))).toEqual([
      ['trace', '/wA='],
      ['twice', 'YQ=='],
      ['twice', 'Yg=='],
    ]);
  });

  it('keeps the headers that were sent, and no inherited property of an object', () => {
    const headers = { constructor: [Object, Buffer.from('x')] } as unknown as IncomingMessage['headers'];
    expect(letterOf({ headers }).headers?.['original-headers']).toBe('[["constructor","eA=="]]');
  });

  it('gives the reason in one line', () => {
    const { headers } = deadLetter(message, { reason: 'unknown-type', detail: 'no a\r\nb\0c' }, 'shop', DEAD_LETTERS);
    expect(headers?.['detail']).toBe('no a b c');
  });

  it('fits the limit of the broker, however large the message and the reason are, and names what was cut', () => {
    const { value, headers, key } = deadLetter(
      { ...message, key: Buffer.alloc(500_000), value: Buffer.alloc(1_048_000) },
      { reason: 'too-large', detail: 'why '.repeat(100_000) },
      'shop',
      DEAD_LETTERS,
    );
    expect(value!.length + key!.length + JSON.stringify(headers).length).toBeLessThan(1_010_000);
    expect(headers).toMatchObject({ 'original-bytes': '1048000', cut: 'key,value' });
  });

  it('omits headers that take too much room, and marks them as cut', () => {
    const { headers } = letterOf({ headers: { endless: Buffer.alloc(400_000) } });
    expect(headers).toMatchObject({ cut: 'headers' });
    expect(headers).not.toHaveProperty('original-headers');
    expect(letterOf({ headers: { [HEADERS_LEFT_OUT]: Buffer.from('900') } }).headers).toMatchObject({ cut: 'headers' });
  });

  it('has smaller forms for brokers with lower limits, down to one that any broker accepts', () => {
    const sizes: number[] = [];
    for (
      let form: OutgoingMessage | undefined = letterOf({ value: Buffer.alloc(900_000) });
      form;
      form = form.smaller?.()
    )
      sizes.push(form.value!.length);
    expect(sizes).toEqual([900_000, 249_998, 62_498, 15_623, 3_904, 998]);
  });
});

describe('the log line of a dead-lettered message', () => {
  const log = new RecordingLog();
  const detail = `\u001b[2J\n${'x'.repeat(5_000_000)}`;
  const logged = (value: string): LogFields => {
    const message = { topic: 't', partition: 1, offset: '7', key: null, value: Buffer.from(value) };
    logDeadLetter(log, 'a message of t', message, { reason: 'unknown-type', detail });
    return log.entries.at(-1)!;
  };

  it('is one line of bounded length', () => {
    const { text } = logged('{}') as { text: string };
    expect(text.length).toBeLessThan(1_100);
    expect(text).not.toMatch(/\p{Cc}/u);
  });

  it('names the saga, the id, the subject and the position of the message', () => {
    const message = { id: 'm-1', sagaid: 's-1', subject: 'o-1', type: 'payment.capture.v1', sagaattempt: 2 };
    expect(logged(JSON.stringify(message))).toMatchObject({
      event: 'dead-lettered',
      reason: 'unknown-type',
      saga: 's-1',
      messageId: 'm-1',
      subject: 'o-1',
      type: 'payment.capture.v1',
      attempt: 2,
      topic: 't',
      partition: 1,
      offset: '7',
    });
  });

  it.each(['no JSON', '[]', '{"sagaid": {}, "id": 7, "sagaattempt": "x"}'])(
    'names the position of a message of which nothing can be read: %s',
    (value) => {
      expect(Object.keys(logged(value))).toEqual(['level', 'text', 'event', 'reason', 'topic', 'partition', 'offset']);
    },
  );
});
