import { Problem } from '@palinode/service';
import type { CatalogueItem } from '../catalogue/catalogue';
import { price, type WantedLine } from './pricing';

const catalogue: Readonly<Record<string, CatalogueItem>> = {
  CUP: { sku: 'CUP', name: 'Cup', priceCents: 1_250, currency: 'EUR' },
  SCALE: { sku: 'SCALE', name: 'Scale', priceCents: 3_455, currency: 'EUR' },
  MUG: { sku: 'MUG', name: 'Mug', priceCents: 900, currency: 'USD' },
};
const find = (sku: string): CatalogueItem | undefined => catalogue[sku];

function problemOf(lines: WantedLine[]): Problem | undefined {
  try {
    price(lines, find);
    return undefined;
  } catch (error) {
    return error as Problem;
  }
}

describe('the pricing of an order', () => {
  it('adds up the prices of the catalogue in cents', () => {
    const lines = [
      { sku: 'CUP', quantity: 3 },
      { sku: 'SCALE', quantity: 2 },
    ];
    expect(price(lines, find)).toEqual({
      totalCents: 10_660,
      currency: 'EUR',
      lines: [
        { sku: 'CUP', name: 'Cup', quantity: 3, unitPriceCents: 1_250 },
        { sku: 'SCALE', name: 'Scale', quantity: 2, unitPriceCents: 3_455 },
      ],
    });
  });

  it('names each line with an unknown article', () => {
    const problem = problemOf(['CUP', 'X', 'Y'].map((sku) => ({ sku, quantity: 1 })));
    expect(problem?.getStatus()).toBe(422);
    expect(problem?.errors).toEqual([
      { field: 'lines[1].sku', problem: 'is not in the catalogue' },
      { field: 'lines[2].sku', problem: 'is not in the catalogue' },
    ]);
  });

  it('rejects lines in different currencies', () => {
    const problem = problemOf(['CUP', 'MUG'].map((sku) => ({ sku, quantity: 1 })));
    expect(problem?.errors).toEqual([{ field: 'lines[1].sku', problem: 'is sold in USD, the lines before it in EUR' }]);
  });
});
