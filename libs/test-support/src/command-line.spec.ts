import { listOf, numberFrom, oneOf, wholeNumber } from './command-line';

const taken: readonly [string, (text: string) => unknown, string, unknown][] = [
  ['a whole number', wholeNumber(), '0', 0],
  ['a whole number at its minimum', wholeNumber(3), '3', 3],
  ['a number', numberFrom(0), '0.5', 0.5],
  ['a share', numberFrom(0, 1), '1', 1],
  ['a choice', oneOf('own', 'shared'), 'own', 'own'],
  ['a list of one item', listOf(wholeNumber()), '64', [64]],
  ['a list', listOf(oneOf('own', 'shared')), 'shared,own', ['shared', 'own']],
];

it.each(taken)('the command line accepts %s', (_, parse, text, value) => {
  expect(parse(text)).toEqual(value);
});

const refused: readonly [string, (text: string) => unknown, string, RegExp][] = [
  ['words instead of a whole number', wholeNumber(), 'many', /whole number, 0 or more/],
  ['blank text instead of a whole number', wholeNumber(), ' ', /whole number/],
  ['a fraction instead of a whole number', wholeNumber(), '1.5', /whole number/],
  ['too small a whole number', wholeNumber(1), '0', /1 or more/],
  ['a whole number that is too large to be exact', wholeNumber(), '1e300', /whole number/],
  ['words instead of a number', numberFrom(0), 'long', /must be a number/],
  ['empty text instead of a number', numberFrom(0), '', /must be a number/],
  ['too small a number', numberFrom(1), '0.9', /1 or more/],
  ['too large a number', numberFrom(0, 1), '10', /1 at most/],
  ['an infinite number', numberFrom(0), 'Infinity', /must be a number/],
  ['an unknown choice', oneOf('own', 'shared'), 'mine', /no mine; there are own, shared/],
  ['a list with an empty item', listOf(wholeNumber()), '1,,64', /whole number/],
  ['a list with an unknown choice', listOf(oneOf('own', 'shared')), 'own,mine', /no mine/],
];

it.each(refused)('the command line rejects %s', (_, parse, text, reason) => {
  expect(() => parse(text)).toThrow(reason);
});
