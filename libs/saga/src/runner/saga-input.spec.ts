import { v7 as uuidV7 } from 'uuid';
import { ORCHESTRATOR_COMMANDS, UnreadableMessageError } from '../contract';
import { DefinitionRegistry } from '../definition';
import { aCommand, aReply, aStart, incoming } from '../../test/messages';
import { anOrder, placeOrder, reserved, reserveStock } from '../../test/sample-saga';
import { checkReply } from '../engine';
import { sagaInputOf, type SagaInput } from './saga-input';

const registry = new DefinitionRegistry([placeOrder]);
const replies = 'orchestrator.replies.inventory';
const command = aCommand(reserveStock, anOrder(), { sagastep: 'stock' });
const reply = aReply(command, 'success', reserved);
const start = aStart('place-order', anOrder(), { subject: 'o-1', traceparent: '00-ab-cd-01' });

const read = (topic: string, value: unknown): SagaInput => sagaInputOf(incoming(topic, value), registry);

describe('a message to the orchestrator', () => {
  it('starts a saga with the newest version of its definition', () => {
    const newer = { ...placeOrder, version: 2 };
    const both = new DefinitionRegistry([newer, placeOrder]);
    expect(sagaInputOf(incoming(ORCHESTRATOR_COMMANDS, start), both)).toMatchObject({
      sagaId: start.sagaid,
      event: { kind: 'started', definition: 'place-order', version: 2, subject: 'o-1', input: anOrder() },
    });
  });

  it('starts a halted saga when its definition is not registered', () => {
    expect(read(ORCHESTRATOR_COMMANDS, aStart('ship-order', {})).event).toMatchObject({
      version: 0,
      halted: 'No definition of ship-order is registered; it begins when one is.',
    });
  });

  it('is read as a success with its reply', () => {
    const answer = { commandId: command.id, step: 'stock', direction: 'action', from: 'inventory' };
    expect(read(replies, reply).event).toEqual({ kind: 'replied', ...answer, reply: reserved });
  });

  it('is read as a refusal or a failure with its reason', () => {
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

  it.each([null, 'no', 7, { reason: 7 }, []])('is read as a failure of unspecified reason when data is %j', (data) => {
    expect(read(replies, { ...reply, outcome: 'failure', data }).event).toMatchObject({
      objection: { reason: 'unspecified' },
    });
  });

  it('is kept with the beginning of its reason and detail, however long they are', () => {
    const data = { reason: 'r'.repeat(100_000), detail: '😀'.repeat(10_000) };
    const { event } = read(replies, { ...reply, outcome: 'failure', data });
    expect(event).toMatchObject({ objection: { reason: 'r'.repeat(200), detail: '😀'.repeat(500) } });
  });

  it('has the sender that its topic names, regardless of its content', () => {
    expect(read('orchestrator.replies.payment', { ...reply, source: '/palinode/inventory' }).event).toMatchObject({
      from: 'payment',
    });
  });
});

describe('an unreadable message to the orchestrator', () => {
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const withData = (data: string): string => JSON.stringify({ ...start, data: 'DATA' }).replace('"DATA"', data);

  it.each([
    ['invalid JSON', replies, '{', 'The message is not valid JSON in UTF-8.'],
    ['no JSON object', replies, '7', 'The message is not a JSON object.'],
    ['no value', replies, '', 'The message has no value.'],
    ['too many bytes', replies, 'x'.repeat(300_000), 'The message has 300000 bytes; at most 262144 are allowed.'],
    ['another CloudEvents version', replies, { ...reply, specversion: '2' }, 'specversion must be "1.0"'],
    ['an id that is not a UUIDv7', replies, { ...reply, id: 'x' }, 'The attribute id must be a UUIDv7'],
    ['no saga id', replies, { ...reply, sagaid: undefined }, 'The attribute sagaid must be a UUID'],
    ['no type', replies, { ...reply, type: 7 }, 'The attribute type must be a string'],
    [
      'no id of an answered command',
      replies,
      { ...reply, inreplyto: 'x' },
      'The attribute inreplyto must be the id of a command',
    ],
    ['no step', replies, { ...reply, sagastep: undefined }, 'The attribute sagastep must be a string'],
    ['no direction', replies, { ...reply, sagadirection: 'up' }, 'sagadirection must be action or compensation'],
    ['no outcome', replies, { ...reply, outcome: 'maybe' }, 'outcome must be success, refusal, failure or unknown'],
    ['no saga name in a start', ORCHESTRATOR_COMMANDS, { ...start, data: {} }, 'data.saga must name the saga'],
    ['no data in a start', ORCHESTRATOR_COMMANDS, { ...start, data: null }, 'data.saga must name the saga'],
    ['an unknown type', ORCHESTRATOR_COMMANDS, { ...start, type: 'x.v1' }, 'The orchestrator takes no x.v1'],
    [
      'an id with an impossible year',
      replies,
      { ...reply, id: 'ffffffff-ffff-7000-8000-000000000000' },
      'attribute id',
    ],
    [
      'a subject that is not a string',
      ORCHESTRATOR_COMMANDS,
      { ...start, subject: {} },
      'The attribute subject must be',
    ],
    ['a subject with a NUL', ORCHESTRATOR_COMMANDS, { ...start, subject: 'a\0b' }, 'text with NUL'],
    ['an overlong subject', ORCHESTRATOR_COMMANDS, { ...start, subject: 'a'.repeat(5_000) }, 'The attribute subject'],
    ['a trace that is not a string', ORCHESTRATOR_COMMANDS, { ...start, traceparent: [] }, 'The attribute traceparent'],
    ['an overlong saga name', ORCHESTRATOR_COMMANDS, aStart('a'.repeat(5_000), {}), 'data.saga must name the saga'],
    ['a saga name with a NUL', ORCHESTRATOR_COMMANDS, aStart('a\0', {}), 'text with NUL'],
    ['JSON that is nested too deeply', ORCHESTRATOR_COMMANDS, withData(`{"saga":"s","input":${deep}}`), 'nested'],
  ])('is rejected with the reason when it has %s', (_what, topic, value, why) => {
    expect(() => read(topic, value)).toThrow(UnreadableMessageError);
    expect(() => read(topic, value)).toThrow(why);
  });
});

describe('a success reply', () => {
  const succeeded = (data: unknown): SagaInput => read(replies, { ...reply, data });

  it('is accepted when its data matches the contract', () => {
    const { event } = succeeded(reserved);
    expect(checkReply(placeOrder, event)).toBe(event);
  });

  it('keeps the attributes and fields that a newer participant added', () => {
    const newer = { ...reply, priority: 'high', data: { ...reserved, shelf: 7 } };
    const { event } = read(replies, newer);
    expect(checkReply(placeOrder, event)).toMatchObject({ kind: 'replied', reply: { ...reserved, shelf: 7 } });
  });

  it('is broken when its data violates the contract', () => {
    expect(checkReply(placeOrder, succeeded({ reservationId: 7 }).event)).toMatchObject({
      kind: 'broken',
      commandId: command.id,
      objection: { reason: 'invalid-reply', detail: 'reservationId must be string' },
    });
  });

  it('is left to the engine when its step is unknown', () => {
    const { event } = read(replies, { ...reply, sagastep: uuidV7() });
    expect(checkReply(placeOrder, event)).toBe(event);
  });
});
