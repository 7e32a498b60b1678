import { whyNotJson } from './plain-json';

class Money {
  cents = 1;
}

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;

it.each([undefined, null, 'text', 1.5, true, [], {}, { kind: 'ok', items: [{ n: 1, left: undefined }] }])(
  'takes %j as plain JSON',
  (value) => {
    expect(whyNotJson(value)).toBeUndefined();
  },
);

it.each([
  [{ at: new Date(0) }, 'it.at is an instance of Date'],
  [new Money(), 'it is an instance of Money'],
  [{ n: 1n }, 'it.n is a bigint'],
  [{ items: [Number.NaN] }, 'it.items[0] is NaN'],
  [[undefined], 'it[0] is undefined'],
  [{ call: () => undefined }, 'it.call is a function'],
])('explains why %p is no plain JSON', (value, problem) => {
  expect(whyNotJson(value)).toBe(problem);
});

it('ends for an object that contains itself', () => {
  expect(whyNotJson(cyclic)).toMatch(/is nested deeper than 64 levels$/);
});
