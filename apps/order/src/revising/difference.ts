import type { OrderLine } from '@palinode/contracts';

export interface Difference {
  readonly added: OrderLine[];
  readonly removed: OrderLine[];
}

/** The units that a revision adds and removes. Neither list names an article twice. */
export function difference(before: readonly OrderLine[], after: readonly OrderLine[]): Difference {
  const change = new Map<string, number>();
  for (const { sku, quantity } of after) change.set(sku, (change.get(sku) ?? 0) + quantity);
  for (const { sku, quantity } of before) change.set(sku, (change.get(sku) ?? 0) - quantity);
  const lines = [...change].map(([sku, quantity]) => ({ sku, quantity }));
  return {
    added: lines.filter(({ quantity }) => quantity > 0),
    removed: lines.filter(({ quantity }) => quantity < 0).map(({ sku, quantity }) => ({ sku, quantity: -quantity })),
  };
}
