import type { LineAvailability, OrderLine } from '@palinode/contracts';
import { Problem } from '@palinode/service';

/** The response that names each line that is short. The saga could only refuse the order later. */
export function outOfStock(lines: readonly OrderLine[], shortages: readonly LineAvailability[]): Problem {
  const errors = shortages.map(({ sku, available }) => ({
    field: `lines[${lines.findIndex((line) => line.sku === sku)}].quantity`,
    problem: `is more than the ${available} in stock`,
  }));
  const skus = shortages.map(({ sku }) => sku).join(', ');
  const detail = `There is not enough of ${skus}. Nothing was ordered; order less of it, or try again later.`;
  return new Problem(409, { code: 'out-of-stock', title: 'Not enough in stock', detail, errors });
}
