import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { IsString } from 'class-validator';
import { randomDefinitions } from '../../test/random-definition';
import { randomMoves, RandomWalk } from '../../test/random-walk';
import { atCompensation, atPivot } from '../../test/sample-progress';
import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  Order,
  placeOrder,
  rejectOrder,
  releaseStock,
} from '../../test/sample-saga';
import { defineCommand, defineSignal, Sensitive } from '../contract';
import { defineSaga, type SagaDefinition } from '../definition';
import { recordingOf, type Recording } from '../engine';
import { readRecordings, replay } from './replay';
import { sagaTest, type SagaTest } from './saga-test';

const recordOf = (saga: SagaTest, definition: SagaDefinition = placeOrder): Recording =>
  JSON.parse(JSON.stringify(recordingOf(definition, saga.state, saga.history))) as Recording;

const completed = (): SagaTest =>
  atPivot().reply(capturePayment).reply(confirmOrder).reply(commitStock).expectStatus('COMPLETED');
const compensated = (): SagaTest =>
  atCompensation()
    .fail(releaseStock, 'busy')
    .passTime('4s')
    .reply(releaseStock)
    .reply(rejectOrder)
    .expectStatus('COMPENSATED');

describe('a replay', () => {
  it.each([
    ['that completed', completed],
    ['that was compensated, with failed attempts', compensated],
    ['that is paused', () => atPivot().silence(capturePayment).expectStatus('PAUSED')],
    ['that an operator paused and resumed', () => atPivot().pause().resume()],
  ])('finds no difference for a saga %s', (_, saga) => {
    const replayed = replay(placeOrder, recordOf(saga()));
    expect(replayed.differences).toEqual([]);
    replayed.expectSame();
  });

  it('finds no difference for any definition and any events in any order, and needs no secret', () => {
    let secrets = 0;
    fc.assert(
      fc.property(fc.tuple(randomDefinitions, randomMoves), ([definition, moves]) => {
        const walk = new RandomWalk(definition);
        for (const move of moves) walk.go(move);
        const last = walk.scenes.at(-1);
        if (last === undefined) return;
        const text = JSON.stringify(recordingOf(definition, last.turn.state, walk.history));
        expect(text).not.toContain('secret');
        if (JSON.stringify(walk.history).includes('secret')) secrets += 1;
        expect(replay(definition, JSON.parse(text) as Recording).differences).toEqual([]);
      }),
      { numRuns: 100 },
    );
    expect(secrets).toBeGreaterThan(50);
  });
});

describe('a replay against another definition', () => {
  const withoutStock = defineSaga({ name: 'place-order', version: 2, input: Order })
    .pivot('payment', { invoke: authorizePayment, payload: ({ input }) => ({ orderId: input.orderId }) })
    .build();

  it('shows the first entry at which other commands are sent', () => {
    const replayed = replay(withoutStock, recordOf(completed()));
    expect(replayed.differences[0]).toEqual({
      seq: 1,
      event: 'started',
      what: 'commands',
      recorded: 'sends inventory.reserve-stock for stock, payment.authorize for payment',
      now: 'sends payment.authorize for payment',
    });
    expect(() => replayed.expectSame()).toThrow(
      'place-order v2 decides differently from v1 for the saga 019b76da-a800-7000-8000-00005a6a7e57, at entry 1 (started).',
    );
  });
});

class Guest {
  @IsString() room!: string;
  @Sensitive() @IsString() name!: string;
}
class Consent {
  @Sensitive() @IsString() signature!: string;
}
const book = defineCommand('hotel.book', { payload: Guest, reply: Guest, refusals: ['full'] });
const cancel = defineCommand('hotel.cancel', { payload: Guest });
const consent = defineSignal('consent', { payload: Consent });
const stay = (name: (guest: string) => string, version = 1): SagaDefinition<Guest> =>
  defineSaga({ name: 'stay', version, input: Guest })
    .compensatable('room', {
      invoke: book,
      payload: ({ input }) => ({ room: input.room, name: name(input.name) }),
      compensation: { invoke: cancel, payload: ({ input }) => input },
    })
    .wait('consent', { signal: consent, timeout: '1d' })
    .build();

describe('a recording', () => {
  const ann = { room: '12', name: 'Ann Ng' };
  const stayed = (): SagaTest =>
    sagaTest(stay((name) => name))
      .start(ann)
      .reply(book, ann)
      .pause()
      .resume()
      .signal(consent, { signature: 'A. Ng' });

  it('contains no sensitive value, and no name and words of an operator', () => {
    const recording = recordOf(
      stayed(),
      stay((name) => name),
    );
    const text = JSON.stringify(recording);
    expect(text).not.toMatch(/Ann|Ng/);
    expect(recording.entries[0]).toMatchObject({
      event: { kind: 'started', input: { room: '12', name: 'Xxx Xx' } },
      sent: [{ command: 'hotel.book', payload: { room: '12', name: 'Xxx Xx' } }],
    });
    expect(recording.entries.find(({ event }) => event.kind === 'pause')?.event).toMatchObject({ by: 'operator' });
    replay(
      stay((name) => name),
      recording,
    ).expectSame();
  });

  it('shows a payload that another version makes otherwise', () => {
    const replayed = replay(
      stay((name) => name.toUpperCase(), 2),
      recordOf(
        stayed(),
        stay((name) => name),
      ),
    );
    expect(replayed.differences).toEqual([
      {
        seq: 1,
        event: 'started',
        what: 'payload',
        recorded: 'sends hotel.book for room with {"room":"12","name":"Xxx Xx"}',
        now: 'sends hotel.book for room with {"room":"12","name":"XXX XX"}',
      },
    ]);
  });

  it('shows a mapper that fails today', () => {
    const broken = stay(() => {
      throw new Error('no name');
    }, 2);
    const replayed = replay(
      broken,
      recordOf(
        stayed(),
        stay((name) => name),
      ),
    );
    expect(replayed.differences[0]).toMatchObject({ seq: 1, now: 'sends nothing' });
    expect(() => replayed.expectSame()).toThrow('The payload mapper of hotel.book threw: Error: no name.');
  });

  it('is refused for another definition', () => {
    expect(() =>
      replay(
        placeOrder,
        recordOf(
          stayed(),
          stay((name) => name),
        ),
      ),
    ).toThrow('The recording is of stay, not of place-order.');
  });
});

describe('a directory of recordings', () => {
  const directory = mkdtempSync(join(tmpdir(), 'recordings-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('is read by the names of its files', () => {
    writeFileSync(join(directory, 'b.json'), JSON.stringify(recordOf(completed())));
    writeFileSync(join(directory, 'a.json'), JSON.stringify(recordOf(compensated())));
    writeFileSync(join(directory, 'notes.txt'), 'not a recording');
    expect([...readRecordings(directory).keys()]).toEqual(['a.json', 'b.json']);
  });

  it.each([
    ['{"format":"other"}', 'The format of a recording is palinode-recording/1, and this has "other".'],
    ['[]', 'The format of a recording is palinode-recording/1, and this has none.'],
    ['null', 'and this has none.'],
    ['{', 'Expected property name'],
    [
      '{"format":"palinode-recording/1","sagaId":"019b76da-a800-7000-8000-00005a6a7e57","entries":[{}]}',
      'The recording is damaged',
    ],
  ])('names the file that contains %s', (text, problem) => {
    writeFileSync(join(directory, 'c.json'), text);
    expect(() => readRecordings(directory)).toThrow('c.json: ');
    expect(() => readRecordings(directory)).toThrow(problem);
  });
});
