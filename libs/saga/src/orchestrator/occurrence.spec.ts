import { v7 as uuidV7 } from 'uuid';
import { ORCHESTRATOR_COMMANDS, UnreadableMessageError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { aCommand, aReply, aStart, incoming } from '../../test/messages';
import { anOrder, placeOrder, reserved, reserveStock } from '../../test/sample-saga';
import { checkReply, occurrenceOf, type Occurrence } from './occurrence';

const registry = new DefinitionRegistry([placeOrder]);
const replies = 'orchestrator.replies.inventory';
const command = aCommand(reserveStock, anOrder(), { sagastep: 'stock' });
const reply = aReply(command, 'success', reserved);
const start = aStart('place-order', anOrder(), { subject: 'o-1', traceparent: '00-ab-cd-01' });

const read = (topic: string, value: unknown): Occurrence => occurrenceOf(incoming(topic, value), registry);

describe('a message to the orchestrator', () => {
  it('starts a saga by the newest version of its definition', () => {
    const newer = { ...placeOrder, version: 2 };
    const both = new DefinitionRegistry([newer, placeOrder]);
    expect(occurrenceOf(incoming(ORCHESTRATOR_COMMANDS, start), both)).toMatchObject({
      sagaId: start.sagaid,
      event: { kind: 'started', definition: 'place-order', version: 2, subject: 'o-1', input: anOrder() },
    });
  });

  it('starts a saga halted when its definition is not registered', () => {
    expect(read(ORCHESTRATOR_COMMANDS, aStart('ship-order', {})).event).toMatchObject({
      version: 0,
      halted: 'No definition of ship-order is registered; it begins when one is.',
    });
  });

  it('is a success with its reply', () => {
    const answer = { commandId: command.id, step: 'stock', direction: 'action', from: 'inventory' };
    expect(read(replies, reply).event).toEqual({ kind: 'replied', ...answer, reply: reserved });
  });

  it('is a refusal or a failure with its reason', () => {
    const objection = { reason: 'out-of-stock', detail: 'none left' };
    expect(read(replies, { ...reply, outcome: 'refusal', data: objection }).event).toMatchObject({
      kind: 'refused',
      objection,
    });
    expect(read(replies, { ...reply, outcome: 'failure', data: objection }).event).toMatchObject({
      kind: 'failed',
      objection,
    });
  });

  it.each([null, 'no', 7, { reason: 7 }, []])('is a failure for a reason not told, when data is %j', (data) => {
    expect(read(replies, { ...reply, outcome: 'failure', data }).event).toMatchObject({
      objection: { reason: 'unspecified' },
    });
  });

  it('is told from its topic who answers, whatever the message says', () => {
    expect(read('orchestrator.replies.payment', { ...reply, source: '/palinode/inventory' }).event).toMatchObject({
      from: 'payment',
    });
  });
});

describe('a bad message to the orchestrator', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const withData = (data: string): string => JSON.stringify({ ...start, data: 'DATA' }).replace('"DATA"', data);

  it.each([
    ['no JSON', replies, '{', 'The message is not valid JSON in UTF-8.'],
    ['no object', replies, '7', 'The message is no JSON object.'],
    ['nothing', replies, '', 'The message has no value.'],
    ['too long', replies, 'x'.repeat(300_000), 'The message has 300000 bytes; at most 262144 are allowed.'],
    ['no CloudEvent', replies, { ...reply, specversion: '2' }, 'specversion must be "1.0"'],
    ['an id of another kind', replies, { ...reply, id: 'x' }, 'The attribute id must be a UUIDv7'],
    ['no saga', replies, { ...reply, sagaid: undefined }, 'The attribute sagaid must be a UUID'],
    ['no type', replies, { ...reply, type: 7 }, 'The attribute type must be a string'],
    [
      'no command answered',
      replies,
      { ...reply, inreplyto: 'x' },
      'The attribute inreplyto must be the id of a command',
    ],
    ['no step', replies, { ...reply, sagastep: undefined }, 'The attribute sagastep must be a string'],
    ['no direction', replies, { ...reply, sagadirection: 'up' }, 'sagadirection must be action or compensation'],
    ['no outcome', replies, { ...reply, outcome: 'maybe' }, 'outcome must be success, refusal or failure'],
    ['a start without a name', ORCHESTRATOR_COMMANDS, { ...start, data: {} }, 'data.saga must name the saga'],
    ['a start without data', ORCHESTRATOR_COMMANDS, { ...start, data: null }, 'data.saga must name the saga'],
    ['something else', ORCHESTRATOR_COMMANDS, { ...start, type: 'x.v1' }, 'The orchestrator takes no x.v1'],
    ['a year that no calendar has', replies, { ...reply, id: 'ffffffff-ffff-7000-8000-000000000000' }, 'attribute id'],
    ['a subject that is no text', ORCHESTRATOR_COMMANDS, { ...start, subject: {} }, 'The attribute subject must be'],
    ['a subject with a NUL', ORCHESTRATOR_COMMANDS, { ...start, subject: 'a\0b' }, 'The attribute subject must be'],
    ['an endless subject', ORCHESTRATOR_COMMANDS, { ...start, subject: 'a'.repeat(5_000) }, 'The attribute subject'],
    ['a trace that is no text', ORCHESTRATOR_COMMANDS, { ...start, traceparent: [] }, 'The attribute traceparent'],
    ['an endless name', ORCHESTRATOR_COMMANDS, aStart('a'.repeat(5_000), {}), 'data.saga must name the saga'],
    ['a name with a NUL', ORCHESTRATOR_COMMANDS, aStart('a\0', {}), 'data.saga must name the saga'],
    ['nesting without end', ORCHESTRATOR_COMMANDS, withData(`{"saga":"s","input":${deep}}`), 'nested'],
  ])('with %s is unreadable, and says why', (_what, topic, value, why) => {
    expect(() => read(topic, value)).toThrow(UnreadableMessageError);
    expect(() => read(topic, value)).toThrow(why);
  });
});

describe('a success', () => {
  const succeeded = (data: unknown): Occurrence => read(replies, { ...reply, data });

  it('counts when its reply fits the contract', () => {
    const { event } = succeeded(reserved);
    expect(checkReply(placeOrder, event)).toBe(event);
  });

  it('may hold attributes and fields of a newer participant, which are kept', () => {
    const newer = { ...reply, priority: 'high', data: { ...reserved, shelf: 7 } };
    const { event } = read(replies, newer);
    expect(checkReply(placeOrder, event)).toMatchObject({ kind: 'replied', reply: { ...reserved, shelf: 7 } });
  });

  it('is broken when its reply does not fit', () => {
    expect(checkReply(placeOrder, succeeded({ reservationId: 7 }).event)).toMatchObject({
      kind: 'broken',
      commandId: command.id,
      objection: { reason: 'invalid-reply', detail: 'reservationId must be string' },
    });
  });

  it('of a step that is not known is left to the engine', () => {
    const { event } = read(replies, { ...reply, sagastep: uuidV7() });
    expect(checkReply(placeOrder, event)).toBe(event);
  });
});
