import { InvalidDataError } from './errors';
import { searchAttributesOf, type SearchAttributes } from './search-attributes';

const found = (attributes: SearchAttributes) =>
  searchAttributesOf({ name: 'place-order', attributes: () => attributes }, {});

describe('the search attributes of a saga', () => {
  it('are the values of its input as text, each once', () => {
    expect(found({ customer: 'ada', sku: ['cup', 'pot', 'cup'], express: true, units: 3 })).toEqual([
      { name: 'customer', values: ['ada'], sensitive: false },
      { name: 'sku', values: ['cup', 'pot'], sensitive: false },
      { name: 'express', values: ['true'], sensitive: false },
      { name: 'units', values: ['3'], sensitive: false },
    ]);
  });

  it('may be sensitive', () => {
    expect(found({ token: { sensitive: 'tok_4242' } })).toEqual([
      { name: 'token', values: ['tok_4242'], sensitive: true },
    ]);
  });

  it('leave out what has no value', () => {
    expect(found({ a: undefined, b: null, c: [], d: { sensitive: undefined } })).toEqual([]);
    expect(searchAttributesOf({ name: 'place-order' }, {})).toEqual([]);
  });

  it.each<[SearchAttributes, string, RegExp]>([
    [{ customer: '' }, 'customer', /a text of 1 to 200 characters/],
    [{ sku: ['cup', 'x'.repeat(201)] }, 'sku', /a text of 1 to 200 characters/],
    [{ sku: [{ id: 'cup' }] as never }, 'sku', /a number, a boolean, or a text/],
    [{ sku: 'a\u001fb' }, 'sku', /without control characters/],
    [{ 'a=b': 'c' }, 'a=b', /must be named with letters/],
    [{ sku: Array.from({ length: 101 }, (_, n) => n) }, 'sku', /at most 100 values/],
    [Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`a${n}`, n])), 'attributes', /at most 20/],
  ])('refuse %j and name what is wrong', (attributes, field, problem) => {
    expect(() => found(attributes)).toThrow(InvalidDataError);
    expect(() => found(attributes)).toThrow(problem);
    expect(() => found(attributes)).toThrow(`A search attribute of place-order is not valid: ${field} `);
  });
});
