import { IsUUID } from 'class-validator';
import { defineCommand, defineEvent, defineSignal, type EventContract } from '../src/contract';
import { defineSaga } from '../src/definition';
import { checkReply } from '../src/engine';
import { isDelivery, read } from '../src/participant/delivery';
import { Served } from '../src/participant/served';
import { readEvent } from '../src/subscriber/event-delivery';
import { sagaTest, type SagaTest } from '../src/testing/saga-test';
import { aCommand, incoming } from './messages';

class Named {
  @IsUUID() id!: string;
}

const act = defineCommand('bank.act', { payload: Named, reply: Named });
const consent = defineSignal('consent', { payload: Named });
const acted = defineEvent('bank.acted', { payload: Named, subject: ({ id: of }) => of });
const definition = defineSaga({ name: 'name-things', version: 1, input: Named })
  .wait('consent', { signal: consent, timeout: '1d', otherwise: ({ input }) => input })
  .pivot('act', { invoke: act, payload: ({ consent: given }) => ({ id: given.id.toUpperCase() }) })
  .build();

const id = '019b76da-a800-7000-8000-00000000000a';
const capitals = { id: id.toUpperCase() };
const begun = (): SagaTest => sagaTest(definition).start(capitals);

describe('UUIDs in capitals in message data', () => {
  it('delivers the UUIDs of a command to its handler in lower case', () => {
    const message = incoming('bank.commands', aCommand(act, capitals));
    const delivery = read(message, Served.of('bank'), new Map([[act.type, act]]));
    expect(isDelivery(delivery) && delivery.command.data).toEqual({ id });
  });

  it('delivers the UUIDs of an event to its handler in lower case', () => {
    const event = { specversion: '1.0', id, type: acted.type, source: '/bank', subject: id, data: capitals };
    const time = '2026-01-01T00:00:00Z';
    const message = incoming('bank.events', { ...event, time, datacontenttype: 'application/json' });
    const handler = { contract: acted as EventContract, handle: () => Promise.reject(new Error('not called')) };
    expect(readEvent(message, new Map([[acted.type, handler]]))).toMatchObject({ event: { data: { id } } });
  });

  it('stores the UUIDs of a start in the input of the saga in lower case', () => {
    expect(begun().state.input).toEqual({ id });
  });

  it('stores the UUIDs of a signal in lower case', () => {
    expect(begun().signal(consent, capitals).state.steps['consent']?.reply).toEqual({ id });
  });

  it('sends the UUIDs of a command in lower case', () => {
    expect(begun().signal(consent, capitals).awaited(act).payload).toEqual({ id });
  });

  it('stores the UUIDs of a reply in lower case', () => {
    const { commandId, step, direction } = begun().signal(consent, { id }).awaited(act);
    const reply = { kind: 'replied', commandId, step, direction, from: 'bank', reply: capitals } as const;
    expect(checkReply(definition, reply)).toEqual({ ...reply, reply: { id } });
  });

  it('stores the UUIDs of a reply from an operator in lower case', () => {
    const saga = begun().signal(consent, { id }).resolve('act', 'success', capitals);
    expect(saga.state.steps['act']?.reply).toEqual({ id });
  });
});
