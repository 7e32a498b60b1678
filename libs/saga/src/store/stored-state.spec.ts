import { transition, type SagaEvent, type StepStatus } from '../engine';
import { atCompensation } from '../../test/sample-progress';
import { placeOrder, releaseStock } from '../../test/sample-saga';
import { parseSagaEvent, parseState, storedEvent, stringifySagaEvent, stringifyState } from './stored-state';

/** What the release before 0.2 stored of a saga whose payment was declined. */
const FORMER_TEXT =
  '{"id":"019b76da-a800-7000-8000-00005a6a7e57","definition":"place-order","version":1,"input":{"orderId":"o-1"},' +
  '"status":"COMPENSATING","stage":1,"commands":3,"steps":{"order":{"status":"DONE"},"stock":{"status":"UNDOING",' +
  '"actionId":"019b76da-a800-7001-8000-00005a6a7e57","exchange":{"direction":"compensation",' +
  '"commandId":"019b76da-a800-7003-8000-00005a6a7e57","attempt":1,"sends":1,"waitsFor":"reply","wakeAt":1767225605000},' +
  '"reply":{"reservationId":"r-1"}},"payment":{"status":"REFUSED","actionId":"019b76da-a800-7002-8000-00005a6a7e57",' +
  '"objection":{"reason":"card-declined"}},"capture":{"status":"SKIPPED"},"confirm":{"status":"SKIPPED"},' +
  '"commit":{"status":"SKIPPED"}},"startedAt":1767225600000,"deadlineAt":1767226500000,"wakeAt":1767225605000,' +
  '"cause":{"kind":"refusal","step":"payment","reason":"card-declined"}}';

describe('the stored state of a saga', () => {
  it('is read correctly when the former release wrote it', () => {
    expect(parseState(FORMER_TEXT)).toEqual(JSON.parse(JSON.stringify(atCompensation().state)));
  });

  it('finishes a compensation that the former release began', () => {
    const state = parseState(FORMER_TEXT);
    const { commandId } = state.steps['stock']!.exchange!;
    const answer = { commandId, step: 'stock', direction: 'compensation', from: releaseStock.service } as const;
    const next = transition(placeOrder, state, { kind: 'replied', ...answer, reply: undefined }, state.startedAt + 1);
    expect(next.state.steps).toMatchObject({ stock: { status: 'COMPENSATED' }, order: { status: 'COMPENSATING' } });
  });

  it('uses the names of the former release, which may read it during a deployment', () => {
    expect(stringifyState(atCompensation().state)).toBe(FORMER_TEXT);
  });

  it.each<[StepStatus, string]>([
    ['COMPENSATING', 'UNDOING'],
    ['COMPENSATED', 'UNDONE'],
    ['COMPENSATION_SKIPPED', 'LEFT'],
  ])('stores the step status %s as %s and is read with either name', (current, former) => {
    const { state } = atCompensation();
    const text = stringifyState({ ...state, steps: { stock: { status: current } } });
    expect(JSON.parse(text)).toMatchObject({ steps: { stock: { status: former } } });
    expect(parseState(text).steps).toEqual({ stock: { status: current } });
    expect(parseState(text.replace(`"${former}"`, `"${current}"`)).steps).toEqual({ stock: { status: current } });
  });

  it('does not rename the status of the saga', () => {
    const state = { ...atCompensation().state, status: 'COMPENSATED' as const };
    expect(JSON.parse(stringifyState(state))).toMatchObject({ status: 'COMPENSATED' });
    expect(parseState(stringifyState(state)).status).toBe('COMPENSATED');
  });
});

/** What release 0.1 stored of a saga that began with a trace and a requested fault, and of a fault that struck it. */
const FORMER_CARRIED = '"traceparent":"00-1-2-01","fault":"payment.capture=drop-reply"';
const FORMER_START = `{"kind":"started","sagaId":"s-1","definition":"place-order","version":1,"input":{},${FORMER_CARRIED}}`;
const FORMER_NOTE = '{"kind":"fault-struck","hitId":"h-1","service":"payment","held":["payment.capture.v1"]}';
const carried = { traceparent: '00-1-2-01', sagafault: 'payment.capture=drop-reply' };

describe('what the messages of a saga carry', () => {
  it('is stored in the state in the form of release 0.1 and read again', () => {
    const state = { ...atCompensation().state, carried };
    const text = FORMER_TEXT.replace(/}$/, `,${FORMER_CARRIED}}`);
    expect(stringifyState(state)).toBe(text);
    expect(parseState(text)).toEqual(JSON.parse(JSON.stringify(state)));
  });

  it('is stored in the history in the form of release 0.1 and read again', () => {
    const start: SagaEvent = {
      kind: 'started',
      sagaId: 's-1',
      definition: 'place-order',
      version: 1,
      input: {},
      carried,
    };
    expect(stringifySagaEvent(start)).toBe(FORMER_START);
    expect(parseSagaEvent(FORMER_START)).toEqual(start);
  });

  it('is read when it is only one of the attributes', () => {
    expect(parseSagaEvent('{"kind":"started","fault":"x"}')).toEqual({ kind: 'started', carried: { sagafault: 'x' } });
    expect(parseSagaEvent('{"kind":"started","traceparent":"t"}')).toEqual({
      kind: 'started',
      carried: { traceparent: 't' },
    });
  });
});

describe('a note in the history of a saga', () => {
  const noted: SagaEvent = {
    kind: 'noted',
    note: { kind: 'fault-struck', hitId: 'h-1', service: 'payment' },
    held: ['payment.capture.v1'],
  };

  it('is stored and shown as an event of its own kind, as in release 0.1', () => {
    expect(stringifySagaEvent(noted)).toBe(FORMER_NOTE);
    expect(storedEvent(noted)).toEqual(JSON.parse(FORMER_NOTE));
  });

  it('is read as a note', () => {
    expect(parseSagaEvent(FORMER_NOTE)).toEqual(noted);
  });
});
