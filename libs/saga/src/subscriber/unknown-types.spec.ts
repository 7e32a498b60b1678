import { UnknownTypes } from './unknown-types';

describe('event types without a handler', () => {
  it('counts event types without a handler separately, and reports the first event of each', () => {
    const unknown = new UnknownTypes();
    expect(['a.v1', 'b.v1', 'a.v1'].map((type) => unknown.add(type))).toEqual([true, true, false]);
    expect(unknown.passedBy(20)).toEqual({
      types: [
        { type: 'a.v1', events: 2 },
        { type: 'b.v1', events: 1 },
      ],
      others: 0,
    });
  });

  it('counts event types without a handler separately up to a limit, however many types arrive', () => {
    const unknown = new UnknownTypes(2);
    const reported = Array.from({ length: 1_000 }, (_, n) => unknown.add(`type-${n}.v1`)).filter(Boolean);
    unknown.add('type-0.v1');
    expect(reported).toHaveLength(2);
    expect(unknown.passedBy(20)).toMatchObject({ types: [{ type: 'type-0.v1', events: 2 }, {}], others: 998 });
    expect(unknown.passedBy(1)).toEqual({ types: [{ type: 'type-0.v1', events: 2 }], others: 999 });
  });
});
