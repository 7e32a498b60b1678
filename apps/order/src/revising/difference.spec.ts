import { difference } from './difference';

const cups = (quantity: number): { sku: string; quantity: number } => ({ sku: 'SKU-CUP', quantity });
const pots = (quantity: number): { sku: string; quantity: number } => ({ sku: 'SKU-POT', quantity });

it.each([
  ['more of one', [cups(1)], [cups(3)], { added: [cups(2)], removed: [] }],
  ['less of one', [cups(3)], [cups(1)], { added: [], removed: [cups(2)] }],
  ['one for another', [cups(3)], [pots(1)], { added: [pots(1)], removed: [cups(3)] }],
  ['the same', [cups(3), pots(1)], [pots(1), cups(3)], { added: [], removed: [] }],
])('an order of %s', (_case, before, after, expected) => {
  expect(difference(before, after)).toEqual(expected);
});
