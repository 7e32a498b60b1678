import {
  commandProblem,
  MAX_MESSAGE_BYTES,
  parseEnvelope,
  parseEvent,
  writeEnvelope,
  type Command,
  type DomainEvent,
} from './envelope';
import { ForbiddenTextError, UnreadableMessageError } from './errors';

const id = '0190a7d4-0000-7000-8000-000000000000';
const command = {
  specversion: '1.0',
  id,
  type: 'stock.reserve.v1',
  source: '/orchestrator',
  time: '2026-11-21T05:00:00Z',
  datacontenttype: 'application/json',
  sagaid: id,
  sagastep: 'stock',
  sagadirection: 'action',
  sagaattempt: 1,
  replyto: 'orchestrator.replies.stock',
  data: {},
} as const satisfies Command;

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

describe('envelopes', () => {
  it.each(['\0', '\ud83d'])('an envelope is not written with text that PostgreSQL cannot store', (text) => {
    expect(() => writeEnvelope({ ...command, data: { deep: [text] } })).toThrow(ForbiddenTextError);
    expect(() => writeEnvelope({ ...command, data: { [text]: 1 } })).toThrow(ForbiddenTextError);
    expect(writeEnvelope({ ...command, data: '\u0001 \\u0000 😀' })).toContain('😀');
  });

  it('an envelope is parsed from its JSON', () => {
    expect(parseEnvelope(bytes(command))).toEqual(command);
  });

  it('an envelope requires lower case for a subject that is a UUID, and accepts other subjects unchanged', () => {
    const of = (subject: string): unknown => parseEnvelope(bytes({ ...command, subject })).subject;
    expect([id.toUpperCase(), id, 'ORDER-7'].map(of)).toEqual([id, id, 'ORDER-7']);
    expect(parseEvent(bytes({ ...command, subject: id.toUpperCase() })).subject).toBe(id);
  });

  it.each(['id', 'sagaid'])('an envelope is not parsed from a message whose %s has capitals', (name) => {
    const capitals = { ...command, [name]: id.replace('0190a7d4', '0190A7D4') };
    expect(() => parseEnvelope(bytes(capitals))).toThrow('in lower case');
  });

  it('keeps unknown attributes', () => {
    expect(parseEnvelope(bytes({ ...command, tracestate: 'x' }))).toHaveProperty('tracestate', 'x');
  });

  it('an envelope may have the largest allowed size', () => {
    const rest = MAX_MESSAGE_BYTES - bytes({ ...command, data: '' }).length;
    expect(parseEnvelope(bytes({ ...command, data: 'x'.repeat(rest) }))).toHaveProperty('id', id);
  });

  it.each<[string, Buffer | null, string]>([
    ['without a value', null, 'The message has no value.'],
    ['that is empty', Buffer.alloc(0), 'The message has no value.'],
    ['that is too large', Buffer.alloc(MAX_MESSAGE_BYTES + 1), `has ${MAX_MESSAGE_BYTES + 1} bytes; at most`],
    ['that is not JSON', Buffer.from('{'), 'The message is not valid JSON in UTF-8.'],
    ['that is not UTF-8', Buffer.from('{"specversion":"1.0\xff"}', 'latin1'), 'not valid JSON in UTF-8'],
    ['that is null', bytes(null), 'The message is not a JSON object.'],
    ['that is a number', bytes(1), 'The message is not a JSON object.'],
    ['that is a list', bytes([]), 'The message is not a JSON object.'],
    ['of another specversion', bytes({ ...command, specversion: '0.3' }), 'specversion must be "1.0"'],
    [
      'whose id is not a UUIDv7',
      bytes({ ...command, id: id.replace('-7', '-4') }),
      'The attribute id must be a UUIDv7',
    ],
    ['without a source', bytes({ ...command, source: '' }), 'The attribute source must name the sender.'],
    ['without a type', bytes({ ...command, type: undefined }), 'The attribute type must be a string of'],
    ['whose saga id is not a UUID', bytes({ ...command, sagaid: '42' }), 'The attribute sagaid must be a UUID'],
  ])('an envelope is not parsed from a message %s', (_name, value, problem) => {
    expect(() => parseEnvelope(value)).toThrow(expect.objectContaining({ message: expect.stringContaining(problem) }));
  });

  it('throws an UnreadableMessageError when it cannot be parsed', () => {
    expect(() => parseEnvelope(null)).toThrow(UnreadableMessageError);
  });
});

describe('envelopes of events', () => {
  const event = {
    specversion: '1.0',
    id,
    type: 'order.placed.v1',
    source: '/order',
    time: '2026-11-21T05:00:00Z',
    subject: 'o-1',
    datacontenttype: 'application/json',
    data: {},
  } as const satisfies DomainEvent;

  it('an event is parsed from its JSON without a saga', () => {
    expect(parseEvent(bytes(event))).toEqual(event);
  });

  it.each<[string, unknown, string]>([
    ['without a subject', { ...event, subject: undefined }, 'The attribute subject must be a string of'],
    ['whose subject holds a NUL', { ...event, subject: 'o\0' }, 'The message has text with NUL'],
    ['whose id is not a UUIDv7', { ...event, id: 'o-1' }, 'The attribute id must be a UUIDv7'],
    ...[undefined, null, '', 'yesterday', '2026-02-30T25:61:61Z', '+275760-09-13T00:00:00.001Z', '2026-11-21', 7].map(
      (time): [string, unknown, string] => [
        `whose time is ${JSON.stringify(time)}`,
        { ...event, time },
        'The attribute time must be an instant',
      ],
    ),
  ])('an event is not parsed from a message %s', (_name, value, problem) => {
    expect(() => parseEvent(bytes(value))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
  });
});

describe('envelopes of commands', () => {
  it('a command is valid with all of its attributes', () => {
    expect(commandProblem(command)).toBeUndefined();
  });

  it('a command is valid as a compensation that undoes a command', () => {
    expect(
      commandProblem({ ...command, sagadirection: 'compensation', undoes: id.replace('0190', '018f') }),
    ).toBeUndefined();
  });

  it.each<[string, object, string]>([
    [
      'a step',
      { sagastep: undefined },
      'The attribute sagastep must be a string of at most 512 characters without NUL or half a surrogate pair.',
    ],
    ['a direction', { sagadirection: 'up' }, 'The attribute sagadirection must be action or compensation.'],
    ['a topic for the reply', { replyto: undefined }, 'The attribute replyto must name a topic.'],
    ['an id of another command to undo', { undoes: id }, 'The attribute undoes must be the UUIDv7 of another command.'],
    [
      'a valid id of the command to undo',
      { undoes: '42' },
      'The attribute undoes must be the UUIDv7 of another command.',
    ],
  ])('a command requires %s', (_name, part, problem) => {
    expect(commandProblem({ ...command, ...part })).toBe(problem);
  });
});
