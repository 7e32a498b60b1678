import { IsString } from 'class-validator';
import { v7 as uuidV7 } from 'uuid';
import { defineCommand, Sensitive } from '../contract';
import { DefinitionRegistry, defineSaga } from '../definition';
import type { AnswerEvent, SagaEvent } from '../engine';
import { RecordingLog } from '../../test/recording-log';
import { anOrder, placeOrder } from '../../test/sample-saga';
import type { StoredSaga } from '../store';
import { applyEvents } from './apply-events';
import { SagaLog } from './saga-log';

const NOW = Date.UTC(2026, 0, 1);
const sagaId = uuidV7();

class Guest {
  @Sensitive() @IsString() name!: string;
}
const guest = { name: 'Ann Angstrom' };
const book = defineCommand('hotel.book', { payload: Guest });
const stay = defineSaga({ name: 'stay', version: 1, input: Guest })
  .retriable('book', { invoke: book, payload: ({ input }) => input, timeout: '1d' })
  .build();

let registry = new DefinitionRegistry([placeOrder]);
const saga = { saga: sagaId, subject: 'o-1', definition: 'place-order', version: 1 };
const operator = { by: 'ada', reason: 'OPS-15' };

let log: RecordingLog;
let told: SagaLog;
let before: StoredSaga | undefined;
let now: number;

beforeEach(() => {
  log = new RecordingLog();
  registry = new DefinitionRegistry([placeOrder]);
  told = new SagaLog(registry, log);
  before = undefined;
  now = NOW;
});

afterEach(() => told.close());

/** Applies the events as one batch, as the runner does, and tells the log. */
function happens(...events: SagaEvent[]): void {
  const update = applyEvents(
    registry,
    before,
    events.map((event) => ({ sagaId, event })),
    now,
  );
  if (update === undefined) return;
  before = { state: update.state, revision: update.revision, armedAt: update.armedAt };
  told.saved(update);
}

function starts(): void {
  const started = { kind: 'started', sagaId, definition: 'place-order', version: 1, subject: 'o-1' } as const;
  happens({ ...started, input: anOrder() });
}

function answer(step: string, outcome: object): SagaEvent {
  const { commandId = '', direction = 'action' } = before?.state.steps[step]?.exchange ?? {};
  const from = { stock: 'inventory', commit: 'inventory', confirm: 'order', order: 'order' }[step] ?? 'payment';
  return { ...outcome, commandId, direction, step, from } as AnswerEvent;
}

const succeeds = (step: string): void => {
  const replies: Record<string, object> = { stock: { reservationId: 'r-1' }, payment: { authorizationId: 'a-1' } };
  happens(answer(step, { kind: 'replied', reply: replies[step] }));
};

/** Nobody answers until nothing is due any more within a minute. */
function silence(): void {
  const until = now + 60_000;
  for (let wakeAt = before?.state.wakeAt; wakeAt !== undefined && wakeAt < until; wakeAt = before?.state.wakeAt) {
    now = wakeAt;
    happens({ kind: 'time-passed' });
  }
}

const names = (): unknown[] => log.entries.map(({ event }) => event);

describe('the log of sagas', () => {
  it('tells the end of a saga at level debug, and no step on the way', () => {
    starts();
    now += 250;
    for (const step of ['stock', 'payment', 'capture', 'confirm', 'commit']) succeeds(step);
    expect(log.entries).toEqual([
      {
        level: 'debug',
        text: `saga-ended: COMPLETED: place-order v1 ${sagaId} of o-1 after 250 ms`,
        event: 'saga-ended',
        ...saga,
        pastPivot: true,
        status: 'COMPLETED',
        tookMs: 250,
      },
    ]);
  });

  it('tells why the search attributes of a saga are not stored', () => {
    const unfit = { ...placeOrder, attributes: () => ({ sku: 'x'.repeat(300), 'a=b': 1 }) };
    registry = new DefinitionRegistry([unfit]);
    told = new SagaLog(registry, log);
    starts();
    succeeds('stock');
    expect(log.entries).toEqual([
      {
        level: 'warn',
        text:
          `attributes-not-stored: place-order: place-order v1 ${sagaId} of o-1 is not found by its search attributes: ` +
          'InvalidDataError: A search attribute of place-order is not valid: sku must be a number, a boolean, or a text of 1 ' +
          'to 200 characters without control characters; a=b must be named with letters, digits, - and _, at most 50, beginning with a letter.',
        event: 'attributes-not-stored',
        reason: 'place-order',
        ...saga,
        pastPivot: false,
      },
    ]);
  });

  it('masks a sensitive value in the reason why search attributes are not stored, wherever the reason is cut', () => {
    const attributes = (): never => {
      throw new Error(`${'.'.repeat(490)}${guest.name}`);
    };
    registry = new DefinitionRegistry([{ ...stay, attributes }]);
    told = new SagaLog(registry, log);
    happens({ kind: 'started', sagaId, definition: 'stay', version: 1, subject: 's-1', input: guest });
    expect(names()).toEqual(['attributes-not-stored']);
    expect(log.lines.join()).toMatch(/\.{490}Xxx/);
  });

  it('tells why a saga is compensated, and which step of it was to blame', () => {
    starts();
    succeeds('stock');
    const objection = { reason: 'card-declined', detail: 'try another card' };
    happens(answer('payment', { kind: 'refused', objection }));
    expect(log.entries).toEqual([
      {
        level: 'log',
        text: `saga-compensating: card-declined, payment.authorize: place-order v1 ${sagaId} of o-1: try another card`,
        event: 'saga-compensating',
        ...saga,
        reason: 'card-declined',
        cause: 'refusal',
        step: 'payment',
        command: 'payment.authorize',
        attempt: 1,
        sends: 1,
        pastPivot: false,
      },
    ]);
  });

  it('tells that nobody answered, after how many sends', () => {
    starts();
    succeeds('stock');
    silence();
    expect(log.named('saga-compensating')).toMatchObject([{ reason: 'no-answer', step: 'payment', sends: 3 }]);
  });

  it('warns of a saga that is paused, with what it waits for', () => {
    starts();
    for (const step of ['stock', 'payment']) succeeds(step);
    silence();
    expect(log.entries).toEqual([
      {
        level: 'warn',
        text:
          `saga-paused: pivot-unanswered, payment.capture: place-order v1 ${sagaId} of o-1: payment.capture was sent ` +
          '3 times and never answered; whether it took effect is not known.',
        event: 'saga-paused',
        ...saga,
        diagnosis: 'pivot-unanswered',
        reason: 'pivot-unanswered',
        step: 'capture',
        command: 'payment.capture',
        attempt: 1,
        sends: 3,
        pastPivot: true,
      },
    ]);
  });

  it('tells who resumed a saga and why, and that it is paused again', () => {
    starts();
    for (const step of ['stock', 'payment']) succeeds(step);
    silence();
    happens({ kind: 'resume', ...operator });
    silence();
    expect(names()).toEqual(['saga-paused', 'saga-resumed', 'saga-paused']);
    expect(log.named('saga-resumed')).toMatchObject([
      { level: 'log', reason: 'pivot-unanswered', command: 'payment.capture', sends: 3, operator: 'ada: OPS-15' },
    ]);
  });

  it('tells that a saga continues by itself with a late answer', () => {
    starts();
    for (const step of ['stock', 'payment']) succeeds(step);
    silence();
    succeeds('capture');
    expect(names()).toEqual(['saga-paused', 'saga-resumed']);
    expect(log.entries.at(-1)).not.toHaveProperty('operator');
  });

  it('warns again when a saga that is resumed stops for another reason in the same moment', () => {
    starts();
    const missing = { kind: 'halted', because: 'definition-missing', detail: 'place-order v1 is missing' } as const;
    happens(missing);
    happens({ kind: 'pause', ...operator });
    expect(log.entries).toMatchObject([
      { event: 'saga-paused', reason: 'definition-missing' },
      { event: 'saga-paused', reason: 'operator', operator: 'ada: OPS-15' },
    ]);
  });

  it('counts cancelled sagas as one kind, whatever the operators wrote', () => {
    starts();
    happens({ kind: 'cancel', ...operator });
    for (const step of ['stock', 'payment']) succeeds(step);
    expect(log.named('saga-compensating')).toMatchObject([
      { reason: 'cancelled', cause: 'cancelled', operator: 'ada: OPS-15' },
    ]);
  });

  it('tells nothing of an event that changed nothing', () => {
    starts();
    happens({ kind: 'pause', ...operator });
    happens({ kind: 'pause', ...operator });
    happens({ kind: 'noted', note: { kind: 'fault-struck' } });
    expect(names()).toEqual(['saga-paused']);
  });

  it('tells each change of a saga that was paused and resumed within one batch', () => {
    starts();
    happens({ kind: 'pause', ...operator }, { kind: 'resume', ...operator });
    expect(names()).toEqual(['saga-paused', 'saga-resumed']);
  });

  it('sums up sagas that are compensated for one reason at once', () => {
    for (let n = 0; n < 89; n += 1) {
      before = undefined;
      starts();
      happens({ kind: 'cancel', ...operator });
      for (const step of ['stock', 'payment']) succeeds(step);
    }
    told.close();
    expect(log.lines.at(-1)).toBe('saga-compensating ×89 in 10 s: cancelled');
  });
});
