import * as fc from 'fast-check';
import { canonicalId, commandId, dayOf, instantOf, isUuid, isUuidV7, lowestIdAt } from './message-id';

const sagaId = '0190a7d4-0000-4000-9000-00000000beef';
const instants = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
const counts = fc.integer({ min: 1, max: 0xfff });
const sagas = fc
  .record({ id: fc.uuid() })
  .chain(({ id }) => fc.constantFrom({ id }, { id, secret: `secret of ${id}` }));

describe('commandId', () => {
  it('a command id is a UUIDv7 for a saga id of any version', () => {
    fc.assert(
      fc.property(sagas, counts, instants, (saga, n, at) => expect(isUuidV7(commandId(saga, n, at))).toBe(true)),
    );
  });

  it('a command id carries the time of its creation', () => {
    fc.assert(
      fc.property(sagas, counts, instants, (saga, n, at) => expect(instantOf(commandId(saga, n, at))).toBe(at)),
    );
  });

  it('a command id differs from every other of its saga, even in the same millisecond', () => {
    fc.assert(
      fc.property(sagas, fc.uniqueArray(counts, { minLength: 2 }), instants, (saga, ns, at) => {
        expect(new Set(ns.map((n) => commandId(saga, n, at))).size).toBe(ns.length);
      }),
    );
  });

  it('a command id differs between sagas whose ids end differently', () => {
    expect(commandId({ id: sagaId }, 1, 0)).not.toBe(commandId({ id: sagaId.replace('beef', 'cafe') }, 1, 0));
  });

  it('a command id sorts by instant, and in a saga without a secret by number', () => {
    const saga = { id: sagaId };
    const ids = [commandId(saga, 2, 1_000), commandId(saga, 0xfff, 1_000), commandId(saga, 1, 1_001)];
    expect(ids.toSorted()).toEqual(ids);
  });

  it('a command id is the same for the same saga, number and instant', () => {
    expect(commandId({ id: sagaId }, 7, 1_000)).toBe('00000000-03e8-7007-9000-00000000beef');
    expect(commandId({ id: sagaId, secret: 's' }, 7, 1_000)).toBe(commandId({ id: sagaId, secret: 's' }, 7, 1_000));
  });

  it('a command id cannot be guessed from the saga id or its other command ids when the saga has a secret', () => {
    const [known, next] = [1, 2].map((n) =>
      commandId({ id: sagaId, secret: 's' }, n, 1_000).slice(14).replaceAll('-', ''),
    );
    // Of the 17 digits behind the version and the variant, equal ones are chance: 17 of 16 different kinds.
    const equal = [...(known ?? '')].filter((digit, index) => digit === next?.[index]);
    expect(equal.length).toBeLessThan(8);
    expect(commandId({ id: sagaId, secret: 't' }, 1, 1_000).slice(14)).not.toContain(known?.slice(-12) ?? '');
  });
});

describe('lowestIdAt', () => {
  it('the lowest id of an instant sorts before every id created at that instant', () => {
    fc.assert(
      fc.property(sagas, counts, instants, (saga, n, at) => expect(lowestIdAt(at) < commandId(saga, n, at)).toBe(true)),
    );
  });

  it('the lowest id of an instant sorts after every id created earlier', () => {
    fc.assert(
      fc.property(sagas, counts, instants, (saga, n, at) =>
        expect(commandId(saga, n, at) < lowestIdAt(at + 1)).toBe(true),
      ),
    );
  });

  it('the lowest id of an instant is a UUIDv7', () => {
    expect(isUuidV7(lowestIdAt(1_000))).toBe(true);
  });
});

describe('dayOf', () => {
  it.each([
    ['2026-11-21T23:59:59.999Z', '2026-11-21'],
    ['2026-11-22T00:00:00.000Z', '2026-11-22'],
  ])('the day of an id is taken in UTC, so that %s gives %s', (instant, day) => {
    expect(dayOf(lowestIdAt(Date.parse(instant)))).toBe(day);
  });
});

describe('canonicalId', () => {
  it('the canonical form of an id is lower case for input in any case', () => {
    expect([sagaId.toUpperCase(), sagaId].map(canonicalId)).toEqual([sagaId, sagaId]);
  });

  it.each(['ORDER-7', '', `${sagaId.toUpperCase()}/A`, sagaId.toUpperCase().replaceAll('-', '')])(
    'leaves %j, which is no UUID, as it is',
    (text) => {
      expect(canonicalId(text)).toBe(text);
    },
  );
});

describe('isUuid', () => {
  it('a UUID may have any version', () => {
    expect(isUuid(sagaId)).toBe(true);
  });

  it('a UUID is version 7 only when it says so', () => {
    expect(isUuidV7(sagaId)).toBe(false);
  });

  it.each([undefined, 7, '', sagaId.toUpperCase(), `${sagaId} `, sagaId.replaceAll('-', '')])(
    'a UUID is not recognized in %j',
    (value) => {
      expect(isUuid(value)).toBe(false);
    },
  );
});
