/* Unprocessable messages for every kind of topic, each with the expected reason of its dead letter. */
import { v4, v7 } from 'uuid';

/**
 * The reader of a topic: the orchestrator reads its commands and replies, participants read commands, subscribers read
 * events, the DeadLetterConsumer reads dead letters.
 */
export type Reader = 'orchestrator-commands' | 'replies' | 'commands' | 'events' | 'letters';

export interface BadMessage {
  readonly what: string;
  readonly value: Buffer | null;
  readonly key?: Buffer;
  readonly headers?: Record<string, string | Buffer | string[]>;
  readonly reason: string;
}

type Attributes = Readonly<Record<string, unknown>>;

/** New messages, because no two may share an id. */
export function badMessages(reader: Reader, service: string): BadMessage[] {
  if (reader === 'events') return [...unreadable(), ...nonsense(event), ...badEvents()];
  const readable = {
    'orchestrator-commands': badOrchestratorCommands,
    replies: badReplies,
    commands: badCommands,
    letters: () => [],
  }[reader];
  const messages = [...unreadable(), ...nonsense(() => command('inventory')), ...badSagaIds(), ...readable(service)];
  return reader === 'letters' ? messages.map((message) => ({ ...message, reason: 'no-dead-letter' })) : messages;
}

/** Values that cannot be parsed, or must not be. */
function unreadable(): BadMessage[] {
  const whole = JSON.stringify(command('inventory'));
  return [
    { what: 'no value, a tombstone', value: null, reason: 'no-value' },
    { what: 'an empty value', value: Buffer.alloc(0), reason: 'no-value' },
    { what: 'truncated JSON', value: Buffer.from(whole.slice(0, -9)), reason: 'no-json' },
    { what: 'text', value: Buffer.from('hello'), reason: 'no-json' },
    { what: 'NUL bytes', value: Buffer.alloc(64), reason: 'no-json' },
    { what: 'UTF-16', value: Buffer.from(whole, 'utf16le'), reason: 'no-json' },
    { what: 'a byte order mark', value: Buffer.from(`\uFEFF${whole}`), reason: 'no-json' },
    { what: 'invalid UTF-8', value: Buffer.from(whole.replace('o-1', 'o-\xFF'), 'latin1'), reason: 'no-json' },
    { what: 'deep nesting', value: Buffer.from('['.repeat(20_000) + ']'.repeat(20_000)), reason: 'too-deep' },
    { what: 'deep data', value: Buffer.from(`{"data":${'{"a":'.repeat(90)}1${'}'.repeat(91)}`), reason: 'too-deep' },
    { what: '300 kB', value: Buffer.from(JSON.stringify({ a: 'x'.repeat(300_000) })), reason: 'too-large' },
    { what: 'the largest message that a broker accepts', value: Buffer.alloc(1_047_000, 0x20), reason: 'too-large' },
    ...['null', '7', '"text"', '[]', 'true', '1e999'].map((text) => ({
      what: `the JSON ${text}`,
      value: Buffer.from(text),
      reason: 'no-envelope',
    })),
    { what: 'very many headers', value: Buffer.from('{'), headers: manyHeaders(), reason: 'no-json' },
    { what: 'a key of arbitrary bytes', value: Buffer.from('{'), key: Buffer.from([0, 255, 128]), reason: 'no-json' },
    {
      what: 'headers named like properties of every object',
      value: Buffer.from('{'),
      headers: Object.fromEntries([
        ['__proto__', 'x'],
        ['constructor', Buffer.from([255])],
        ['toString', ['a', 'b']],
      ]),
      reason: 'no-json',
    },
  ];
}

function manyHeaders(): Record<string, string> {
  return Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`header-${n}`, '']));
}

/** JSON objects that are not envelopes, made from a valid one. */
function nonsense(whole: () => Attributes): BadMessage[] {
  const wrong: [string, Attributes][] = [
    ['no attributes', { specversion: undefined, id: undefined, type: undefined, sagaid: undefined }],
    ['an older specversion', { specversion: '0.3' }],
    ['an id that is not a UUIDv7', { id: v4() }],
    ['an id in upper case', { id: v7().toUpperCase() }],
    ['an id of an impossible year', { id: `ffffffff-ffff-7000-8000-${v7().slice(24)}` }],
    ['a subject with a NUL', { subject: 'a\0b' }],
    ['a very long subject', { subject: 's'.repeat(5_000) }],
    ...['specversion', 'id', 'type', 'subject', 'traceparent'].flatMap(noText),
  ];
  const envelope = JSON.stringify(whole());
  return [
    ...wrong.map(([what, attributes]) => bad(what, { ...whole(), ...attributes }, 'no-envelope')),
    { what: 'all attributes by its prototype', value: Buffer.from(`{"__proto__":${envelope}}`), reason: 'no-envelope' },
    {
      what: 'a duplicate id attribute',
      value: Buffer.from(envelope.replace('{', '{"id":"x",').replace(/\}$/, ',"id":"y"}')),
      reason: 'no-envelope',
    },
  ];
}

/** Attributes that must be strings. */
function noText(name: string): [string, Attributes][] {
  return [null, 7, 1e300, [], {}, true].map((value) => [`${JSON.stringify(value)} as its ${name}`, { [name]: value }]);
}

function badSagaIds(): BadMessage[] {
  const wrong: [string, Attributes][] = [['a saga id of NULs', { sagaid: '\0'.repeat(36) }], ...noText('sagaid')];
  return wrong.map(([what, attributes]) => bad(what, { ...command('inventory'), ...attributes }, 'no-envelope'));
}

/** Events of a type that both subscribers of the shop handle. */
function badEvents(): BadMessage[] {
  const wrong: [string, Attributes, string][] = [
    ['no subject', { subject: undefined }, 'no-envelope'],
    ['no payload', { data: undefined }, 'invalid-payload'],
    ['an invalid payload', { data: 'text' }, 'invalid-payload'],
    ['a payload with a field missing', { data: { orderId: v4() } }, 'invalid-payload'],
    ['a payload of the wrong types', { data: { orderId: { $gt: '' }, lines: 'all' } }, 'invalid-payload'],
    ['a payload with a prototype', { data: JSON.parse('{"__proto__":{"orderId":"o-1"}}') }, 'invalid-payload'],
  ];
  return wrong.map(([what, attributes, reason]) => bad(what, { ...event(), ...attributes }, reason));
}

function event(): Attributes {
  const orderId = v4();
  const line = { sku: 'SKU-CUP', name: 'Porcelain cup', quantity: 1, unitPriceCents: 1 };
  return {
    specversion: '1.0',
    id: v7(),
    type: 'order.approved.v1',
    source: '/test',
    time: new Date().toISOString(),
    subject: orderId,
    datacontenttype: 'application/json',
    data: { orderId, customerId: 'c-1', lines: [line], totalCents: 1, currency: 'EUR' },
  };
}

function badCommands(service: string): BadMessage[] {
  const wrong: [string, Attributes, string][] = [
    ['an unknown type', { type: `${service}.dance.v1` }, 'unknown-type'],
    ['another service’s type', { type: 'orchestrator.start-saga.v1' }, 'unknown-type'],
    ['a type named like a property of every object', { type: '__proto__' }, 'unknown-type'],
    ['a type of two lines', { type: 'a\r\nX-Operator: root' }, 'unknown-type'],
    ['no step', { sagastep: undefined }, 'no-command'],
    ['a step that is not a string', { sagastep: { toString: 'x' } }, 'no-command'],
    ['an unknown direction', { sagadirection: 'sideways' }, 'no-command'],
    ['no reply topic', { replyto: undefined }, 'no-command'],
    ['another reply topic', { replyto: 'orchestrator.replies.nobody' }, 'foreign-reply-topic'],
    ['an invalid id to undo', { sagadirection: 'compensation', undoes: 'it' }, 'no-command'],
    ['an invalid payload', { data: 'text' }, 'invalid-payload'],
    ['a payload of the wrong types', { data: { orderId: { $gt: '' }, lines: 'all' } }, 'invalid-payload'],
    ['a payload with a prototype', { data: JSON.parse('{"__proto__":{"orderId":"o-1"}}') }, 'invalid-payload'],
    ['an id of last month', { id: v7({ msecs: Date.now() - 30 * 86_400_000 }) }, 'not-remembered'],
    ['an id of next week', { id: v7({ msecs: Date.now() + 7 * 86_400_000 }) }, 'not-remembered'],
  ];
  return wrong.map(([what, attributes, reason]) => bad(what, { ...command(service), ...attributes }, reason));
}

function badReplies(service: string): BadMessage[] {
  const reply = (): Attributes => ({
    ...command(service),
    type: `${service}.reserve-stock.reply.v1`,
    inreplyto: v7(),
    outcome: 'success',
  });
  const wrong: [string, Attributes, string][] = [
    ['an unknown saga', {}, 'unknown-saga'],
    ['a step named like a property of every object', { sagastep: '__proto__' }, 'unknown-saga'],
    ['an unknown outcome', { outcome: 'maybe' }, 'no-reply'],
    ['no outcome', { outcome: undefined }, 'no-reply'],
    ['no id of its command', { inreplyto: 'x' }, 'no-reply'],
    ['a step that is not a string', { sagastep: ['stock'] }, 'no-reply'],
    ['an unknown direction', { sagadirection: 7 }, 'no-reply'],
  ];
  return wrong.map(([what, attributes, reason]) => bad(what, { ...reply(), ...attributes }, reason));
}

function badOrchestratorCommands(): BadMessage[] {
  const start = (): Attributes => ({ ...command('inventory'), type: 'orchestrator.start-saga.v1' });
  const wrong: [string, Attributes, string][] = [
    ['an unsupported type', { type: 'orchestrator.stop-everything.v1' }, 'unknown-type'],
    ['no data', { data: null }, 'no-start'],
    ['a saga id that is not a string', { data: { saga: ['place-order'] } }, 'no-start'],
    ['a saga id with a NUL', { data: { saga: 'a\0' } }, 'no-start'],
    ['an invalid version', { data: { saga: 'place-order', version: 1e300 } }, 'no-start'],
    ['an invalid parent', { data: { saga: 'place-order', parent: 'me' } }, 'no-start'],
  ];
  return wrong.map(([what, attributes, reason]) => bad(what, { ...start(), ...attributes }, reason));
}

/** Invalid text is detected before any other error in a document. */
function bad(what: string, document: Attributes, reason: string): BadMessage {
  const json = JSON.stringify(document);
  return { what, value: Buffer.from(json), reason: json.includes(String.raw`\u0000`) ? 'forbidden-text' : reason };
}

/** A command of an unknown saga, valid except for its type. */
export function command(service: string): Attributes {
  return {
    specversion: '1.0',
    id: v7(),
    type: { inventory: 'inventory.release-stock.v1', payment: 'payment.void.v1', order: 'order.confirm.v1' }[service],
    source: '/test',
    time: new Date().toISOString(),
    subject: 'o-1',
    datacontenttype: 'application/json',
    sagaid: v7(),
    sagastep: 'stock',
    sagadirection: 'action',
    sagaattempt: 1,
    replyto: `orchestrator.replies.${service}`,
    data: { orderId: v4() },
  };
}
