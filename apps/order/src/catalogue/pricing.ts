import { invalidRequest, type FieldProblem } from '@palinode/service';
import type { CatalogueItem } from './catalogue';

export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface PricedLine extends WantedLine {
  readonly name: string;
  readonly unitPriceCents: number;
}

export interface Priced {
  readonly lines: readonly PricedLine[];
  readonly totalCents: number;
  readonly currency: string;
}

/** Prices the lines by the catalogue. Throws a problem that names each line that cannot be sold. */
export function price(lines: readonly WantedLine[], find: (sku: string) => CatalogueItem | undefined): Priced {
  const items = lines.map(({ sku }) => find(sku));
  const currency = items.find((item) => item !== undefined)?.currency ?? 'EUR';
  const errors: FieldProblem[] = [];
  let totalCents = 0;
  const priced = lines.map(({ sku, quantity }, index): PricedLine => {
    const { name, priceCents, currency: own } = items[index] ?? { name: '', priceCents: 0, currency: undefined };
    const field = `lines[${index}].sku`;
    if (own === undefined) errors.push({ field, problem: 'is not in the catalogue' });
    else if (own !== currency) errors.push({ field, problem: `is sold in ${own}, the lines before it in ${currency}` });
    totalCents += quantity * priceCents;
    return { sku, name, quantity, unitPriceCents: priceCents };
  });
  if (errors.length > 0) throw invalidRequest(errors, 422);
  return { lines: priced, totalCents, currency };
}
