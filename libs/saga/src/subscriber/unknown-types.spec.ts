import { UnknownTypes } from './unknown-types';

describe('events of types that nobody handles', () => {
  it('are counted by type, and the first of each is told', () => {
    const unknown = new UnknownTypes();
    expect(['a.v1', 'b.v1', 'a.v1'].map((type) => unknown.add(type))).toEqual([true, true, false]);
    expect(unknown.seen.types).toEqual(
      new Map([
        ['a.v1', 2],
        ['b.v1', 1],
      ]),
    );
  });

  it('are told apart up to a number, however many types somebody makes up', () => {
    const unknown = new UnknownTypes(2);
    const told = Array.from({ length: 1_000 }, (_, n) => unknown.add(`type-${n}.v1`)).filter(Boolean);
    unknown.add('type-0.v1');
    expect(told).toHaveLength(2);
    expect(unknown.seen.types.size).toBe(2);
    expect(unknown.seen.types.get('type-0.v1')).toBe(2);
    expect(unknown.seen.others).toBe(998);
  });
});
