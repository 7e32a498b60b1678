import * as fc from 'fast-check';
import { v7 as uuidV7 } from 'uuid';
import { DEAD_LETTERS } from '../contract';
import { deadLetter } from './dead-letter';
import { readDeadLetter, type ReceivedDeadLetter } from './received-dead-letter';
import type { Headers, IncomingMessage } from './transport';

const messageId = uuidV7();
const sagaId = uuidV7();
const poisoned: IncomingMessage = {
  topic: 'shop.commands',
  partition: 3,
  offset: '42',
  key: Buffer.from(sagaId),
  value: Buffer.from(JSON.stringify({ id: messageId, type: 'shop.dance.v1', sagaid: sagaId })),
  headers: { trace: Buffer.from([255]), list: [Buffer.from('a'), Buffer.from('')] },
};

/** What a reader of the topic of dead letters gets of a dead-lettered message. */
function sendAndRead(message: IncomingMessage): ReceivedDeadLetter {
  const { key, value, headers } = deadLetter(
    message,
    { reason: 'unknown-type', detail: 'no dance' },
    'shop',
    DEAD_LETTERS,
  );
  return readDeadLetter({ topic: 'saga.dead-letters', partition: 0, offset: '7', key, value, headers } as never);
}

describe('a dead-lettered message', () => {
  it('is read as it was sent', () => {
    expect(sendAndRead(poisoned)).toEqual({
      service: 'shop',
      reason: 'unknown-type',
      detail: 'no dance',
      topic: 'shop.commands',
      partition: 3,
      offset: '42',
      key: poisoned.key,
      value: poisoned.value,
      headers: [
        ['trace', '/w=='],
        ['list', 'YQ=='],
        ['list', ''],
      ],
      bytes: poisoned.value?.length,
      cut: false,
      messageId,
      type: 'shop.dance.v1',
      sagaId,
    });
  });

  it.each([
    ['its key, when it cannot be read', { value: Buffer.from('{') }, sagaId],
    ['its key, when its saga id is invalid', { value: Buffer.from('{"sagaid":7}') }, sagaId],
    ['nothing, when it has neither key nor value', { key: null, value: null }, undefined],
    ['nothing, when its key is foreign', { key: Buffer.from('k'), value: Buffer.alloc(0) }, undefined],
  ])('is assigned to its saga by %s', (_what, changes, expected) => {
    expect(sendAndRead({ ...poisoned, ...changes }).sagaId).toBe(expected);
  });

  it('is marked as cut when its end was cut off', () => {
    expect(sendAndRead({ ...poisoned, value: Buffer.alloc(1_100_000) })).toMatchObject({ cut: true, bytes: 1_100_000 });
  });

  it.each([
    ['without headers', {}],
    ['with an invalid offset', { ...headersOf(poisoned), 'original-offset': Buffer.from('first') }],
    ['with an invalid topic name', { ...headersOf(poisoned), 'original-topic': Buffer.from('a b') }],
  ])('is treated as a dead letter of its own topic when it arrives %s', (_what, headers) => {
    const stray = {
      topic: 'saga.dead-letters',
      partition: 1,
      offset: '9',
      key: null,
      value: Buffer.from('x'),
      headers,
    };
    expect(readDeadLetter(stray)).toMatchObject({
      reason: 'no-dead-letter',
      topic: 'saga.dead-letters',
      partition: 1,
      offset: '9',
      value: Buffer.from('x'),
    });
  });

  it('is sent and read byte for byte, whatever it contains', () => {
    const bytes = fc.uint8Array({ maxLength: 50 }).map((array) => Buffer.from(array));
    const message = fc.record({
      key: fc.option(bytes),
      value: fc.option(bytes),
      headers: fc.dictionary(fc.string(), fc.oneof(bytes, fc.array(bytes, { minLength: 1 }))),
    });
    fc.assert(
      fc.property(message, ({ key, value, headers }) => {
        const received = sendAndRead({ ...poisoned, key, value, headers });
        expect(received).toMatchObject({ key, value, cut: false });
        const expected = Object.entries(headers).flatMap(([name, values]) =>
          [values].flat().map((each) => [name, each.toString('base64')]),
        );
        expect(received.headers).toEqual(expected);
      }),
    );
  });

  it('is read without an error, whatever the topic contains', () => {
    const nonsense = fc.oneof(fc.string(), fc.constant(undefined), fc.constant([]), fc.uint8Array().map(Buffer.from));
    const names = Object.keys(headersOf(poisoned)).concat('original-headers', 'cut', '__proto__');
    const anyHeaders = fc.dictionary(fc.constantFrom(...names), nonsense) as fc.Arbitrary<Headers>;
    fc.assert(
      fc.property(anyHeaders, fc.json(), (headers, value) => {
        const message = { ...poisoned, value: Buffer.from(value), headers: { ...headersOf(poisoned), ...headers } };
        const { reason, detail, bytes } = readDeadLetter(message);
        expect(reason).toMatch(/^[\w-]+$/);
        expect(detail).not.toMatch(/\p{Cc}/u);
        expect(bytes).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

function headersOf(message: IncomingMessage): Headers {
  return deadLetter(message, { reason: 'unknown-type', detail: 'no dance' }, 'shop', DEAD_LETTERS).headers ?? {};
}
