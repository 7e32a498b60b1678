import type { Shop } from '../../api/schemas';

/** Quantities by article. */
export type Lines = Readonly<Record<string, number>>;

/** The chosen articles of the catalogue. */
export function articles(
  items: readonly Shop['CatalogueEntry'][] = [],
  lines: Lines,
): readonly { readonly sku: string; readonly priceCents: number; readonly quantity: number }[] {
  return items
    .map(({ sku, priceCents }) => ({ sku, priceCents, quantity: lines[sku] ?? 0 }))
    .filter(({ quantity }) => quantity > 0);
}
