import { difference } from './revision-rules';

const cups = (quantity: number): { sku: string; quantity: number } => ({ sku: 'SKU-CUP', quantity });
const pots = (quantity: number): { sku: string; quantity: number } => ({ sku: 'SKU-POT', quantity });

it.each([
  ['added units', [cups(1)], [cups(3)], { added: [cups(2)], removed: [] }],
  ['removed units', [cups(3)], [cups(1)], { added: [], removed: [cups(2)] }],
  ['a replaced article as added and removed', [cups(3)], [pots(1)], { added: [pots(1)], removed: [cups(3)] }],
  ['nothing when the lines are reordered', [cups(3), pots(1)], [pots(1), cups(3)], { added: [], removed: [] }],
])('the difference between two orders lists %s', (_case, before, after, expected) => {
  expect(difference(before, after)).toEqual(expected);
});
