import { startOf, undoOf } from '../../definition';
import { SagaTestError } from '../saga-test-error';
import {
  aTrip,
  bookHotel,
  bookSeat,
  bookTrip,
  cancelInsurance,
  consent,
  freeSeat,
  insure,
  issueTicket,
  sendTicket,
  type Trip,
} from '../../../test/sample-shapes';
import { explore, type Explorer } from './explore';

interface World {
  readonly seats: readonly string[];
  readonly insured: number;
  readonly rooms: number;
  readonly ticket: string;
}

const without = (seats: readonly string[], leg: string): readonly string[] => seats.filter((seat) => seat !== leg);

const trips = (): Explorer<Trip, World> =>
  explore(bookTrip)
    .world<World>({ seats: [], insured: 0, rooms: 0, ticket: 'none' })
    .on(insure, { reply: { seat: 'i-1' }, effect: (world) => ({ ...world, insured: world.insured + 1 }) })
    .on(cancelInsurance, { effect: (world) => ({ ...world, insured: world.insured - 1 }) })
    .on(bookSeat, {
      reply: { seat: '7' },
      effect: (world, { leg }) => ({ ...world, seats: [...world.seats, leg].toSorted((a, b) => (a < b ? -1 : 1)) }),
    })
    .on(freeSeat, { effect: (world, { leg }) => ({ ...world, seats: without(world.seats, leg) }) })
    .on(startOf(bookHotel), { effect: (world) => ({ ...world, rooms: world.rooms + 1 }) })
    .on(undoOf(bookHotel), { effect: (world) => ({ ...world, rooms: world.rooms - 1 }) })
    .on(issueTicket, { effect: (world) => ({ ...world, ticket: 'issued' }) })
    .on(sendTicket, { effect: (world) => ({ ...world, ticket: 'sent' }) });

const kept = (): Explorer<Trip, World> =>
  trips()
    .signal(consent, { given: true }, { given: false })
    .whenCompleted('the traveller has it all', ({ rooms, ticket }) => rooms === 1 && ticket === 'sent')
    .whenCompensated('nothing is left', ({ seats, insured, rooms }) => seats.length + insured + rooms === 0);

describe('an exploration', () => {
  it('explores conditions, items, signals and children', () => {
    const { complete, states } = kept()
      .start(aTrip({ insured: true, legs: ['a', 'b'] }), { tries: 1 })
      .expectNoBrokenPromise();
    expect({ complete, many: states > 500 }).toEqual({ complete: true, many: true });
  });

  it('skips a step whose condition does not hold', () => {
    kept()
      .always('nobody is insured', ({ insured }) => insured === 0)
      .start(aTrip({ insured: false, legs: ['a'] }), { tries: 1 })
      .expectNoBrokenPromise();
  });

  it('names the received signal in its story', () => {
    const { story } = kept()
      .always('nobody books a hotel', ({ rooms }) => rooms === 0)
      .start(aTrip({ legs: [] }), { tries: 1 });
    expect(story?.split('\n')).toEqual([
      'book-trip breaks a promise: "nobody books a hotel" does not hold. The shortest way there:',
      '       0 s  the saga starts',
      '       0 s  the signal traveller-consent arrives: {"given":true} → orchestrator.start-book-hotel',
      '       0 s  orchestrator.start-book-hotel is done',
      expect.stringContaining('The saga is RUNNING'),
      'The world: {"seats":[],"insured":0,"rooms":1,"ticket":"none"}',
    ]);
  });

  it('finds a branch that is not compensated', () => {
    const { story } = kept()
      .on(freeSeat, {})
      .start(aTrip({ legs: ['a', 'b'] }), { tries: 1 });
    expect(story).toContain('"nothing is left" does not hold');
  });

  it('requires an example of every signal', () => {
    expect(() => trips().start(aTrip())).toThrow(SagaTestError);
    expect(() => trips().start(aTrip())).toThrow('What are the data of traveller-consent?');
  });
});
