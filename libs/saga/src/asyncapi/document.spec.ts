import { Parser, type AsyncAPIDocumentInterface } from '@asyncapi/parser';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Type } from 'class-transformer';
import { IsString, ValidateNested } from 'class-validator';
import { defineCommand, defineEvent, lifecycleEvents, topicsOf } from '../contract';
import { outgoing } from '../runner/command-message';
import { lifecycleRows } from '../store/lifecycle';
import { answerWith, failWith } from '../participant/reply';
import { aCommand } from '../../test/messages';
import { anOrder, placeOrder, releaseStock, Reserved, reserveStock } from '../../test/sample-saga';
import { transition } from '../engine';
import { asyncApiOf } from './document';

/** Lets the validator accept a newer version of AsyncAPI than the one it knows. */
const ADVICE = 'asyncapi-latest-version';

const system = { title: 'test', version: '1.0.0', description: '' };
class StockLow {
  @IsString() sku!: string;
}
const stockLow = defineEvent('inventory.stock-low', { payload: StockLow, subject: ({ sku }) => sku });
const events = [stockLow, ...lifecycleEvents];
const raw = asyncApiOf({ ...system, definitions: [placeOrder], commands: [reserveStock, releaseStock], events });
let parsed: AsyncAPIDocumentInterface;

beforeAll(async () => {
  const { document, diagnostics } = await new Parser().parse(raw as never);
  expect(diagnostics.filter(({ code }) => code !== ADVICE)).toEqual([]);
  parsed = document!;
});

/** Returns the violations of a message by the document's schema. */
function problemsOf(key: string, message: unknown): unknown {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  const validate = ajv.compile({ ...raw, $ref: `#/components/messages/${key}/payload` });
  validate(message);
  return validate.errors?.map(({ instancePath, message: what }) => `${instancePath} ${what}`) ?? [];
}

describe('the AsyncAPI document of a system', () => {
  it('has a channel for each topic', () => {
    const addresses = parsed.channels().all();
    expect(addresses.map((channel) => channel.address())).toEqual([
      'orchestrator.commands',
      'orchestrator.acknowledgements',
      'inventory.commands',
      'orchestrator.replies.inventory',
      'inventory.events',
      'saga.events',
      'saga.dead-letters',
    ]);
  });

  it('names the sender, the receiver and the replies of a command', () => {
    const taken = parsed.operations().get('inventory.receive.inventory.reserve-stock.v1')!;
    expect(taken.action()).toBe('receive');
    expect(parsed.operations().get('orchestrator.send.inventory.reserve-stock.v1')?.action()).toBe('send');
    expect(parsed.operations().get('starter.receive.acknowledgement')?.action()).toBe('receive');
    const answers = taken.reply()?.messages().all() ?? [];
    expect(answers.map((message) => message.id())).toEqual([
      'inventory.reserve-stock.reply.v1.success',
      'inventory.reserve-stock.reply.v1.refusal',
      'inventory.reserve-stock.reply.v1.failure',
      'inventory.reserve-stock.reply.v1.unknown',
    ]);
  });

  it('keys the messages of a saga by its id, and events by their subject', () => {
    const keyOf = (type: string): unknown => {
      const message = parsed.allMessages().get(type);
      return message?.bindings().get('kafka')?.value<{ key: { description: string } }>().key.description;
    };
    expect(keyOf(reserveStock.type)).toBe('The id of the saga.');
    expect(keyOf('inventory.reserve-stock.reply.v1.success')).toBe('The id of the saga.');
    expect(keyOf(stockLow.type)).toMatch('business key');
  });

  it('names the publisher of an event, which is the orchestrator for saga events', () => {
    expect(parsed.operations().get('inventory.send.inventory.stock-low.v1')?.action()).toBe('send');
    expect(parsed.operations().get('orchestrator.send.saga.completed.v1')?.action()).toBe('send');
    expect(parsed.operations().get('subscriber.receive.saga.completed.v1')?.action()).toBe('receive');
  });

  it('matches the lifecycle events that the orchestrator publishes', () => {
    const sagaId = '0190a7d4-0000-7000-8000-000000000000';
    const event = { kind: 'started' as const, sagaId, version: 1, definition: 'place-order', subject: 'o-1' };
    const { state } = transition(placeOrder, undefined, { ...event, input: anOrder() }, 0);
    const [row] = lifecycleRows(undefined, [state], topicsOf());
    expect(problemsOf('saga.started.v1', JSON.parse(row!.payload))).toEqual([]);
    expect(problemsOf('saga.paused.v1', JSON.parse(row!.payload))).not.toEqual([]);
  });

  it('has the topics of the orchestrator with the given name, in the environment with the given prefix', () => {
    const topics = topicsOf({ orchestrator: 'shop', prefix: 'staging.' });
    const definitions = [{ ...placeOrder, orchestrator: 'shop' }];
    const named = asyncApiOf({ ...system, definitions, commands: [reserveStock], topics });
    expect(Object.keys(named['channels'] as object).toSorted()).toEqual([
      'staging.inventory.commands',
      'staging.shop.acknowledgements',
      'staging.shop.commands',
      'staging.shop.dead-letters',
      'staging.shop.replies.inventory',
    ]);
    expect(JSON.stringify(named)).not.toMatch(/"(?!staging\.)[\w.-]+\.(commands|acknowledgements|dead-letters)"/);
  });

  it('names the command that a compensation undoes', () => {
    const uses = parsed.allMessages().get(releaseStock.type)?.extensions().get('x-sagas')?.value();
    expect(uses).toEqual([
      expect.objectContaining({ saga: 'place-order', step: 'stock', undoes: 'inventory.reserve-stock.v1' }),
    ]);
  });

  it('matches the commands that the orchestrator sends', () => {
    const started = { kind: 'started' as const, sagaId: '0190a7d4-0000-7000-8000-000000000000', version: 1 };
    const event = { ...started, definition: 'place-order', subject: 'o-1', input: anOrder() };
    const { state, sends } = transition(placeOrder, undefined, event, Date.UTC(2026, 0));
    const command = outgoing(state, sends[0]!, topicsOf(), Date.UTC(2026, 0));
    expect(problemsOf(reserveStock.type, JSON.parse(command.payload))).toEqual([]);
  });

  it('matches the replies that participants send', () => {
    const command = aCommand(reserveStock, anOrder());
    const replies = {
      success: answerWith(reserveStock, command, 'inventory', { reservationId: 'r-1' } satisfies Reserved),
      failure: failWith(command, 'inventory', { reason: 'broken' }),
    };
    for (const [outcome, { reply }] of Object.entries(replies))
      expect(problemsOf(`inventory.reserve-stock.reply.v1.${outcome}`, JSON.parse(reply))).toEqual([]);
  });

  it('rejects a refusal with an undeclared reason', () => {
    const command = aCommand(reserveStock, anOrder());
    const { reply } = failWith(command, 'inventory', { reason: 'bad-weather' });
    const refusal = { ...JSON.parse(reply), outcome: 'refusal' };
    expect(problemsOf('inventory.reserve-stock.reply.v1.refusal', refusal)).toEqual([
      '/data/reason must be equal to one of the allowed values',
    ]);
  });

  it('keeps nested classes of two messages apart although they have the same name', async () => {
    const [first, second] = ['one', 'two'].map((field) => {
      class Line {}
      IsString()(Line.prototype, field);
      class Payload {
        @ValidateNested() @Type(() => Line) line!: Line;
      }
      return defineCommand(`shop.${field}`, { payload: Payload });
    });
    const { components } = asyncApiOf({ ...system, definitions: [], commands: [first!, second!] }) as {
      components: { schemas: Record<string, { properties: object }> };
    };
    expect(Object.keys(components.schemas['shop.one.v1.Line']!.properties)).toEqual(['one']);
    expect(Object.keys(components.schemas['shop.two.v1.Line']!.properties)).toEqual(['two']);
  });
});
