import { sizesOfTables } from '../measure/tables';

/** The tables that grow with the sagas; an inbox counts as one table. */
export const GROWING = ['saga', 'saga_history', 'saga_timer', 'inbox', 'outbox', 'unacknowledged'] as const;

export type TableSizes = Readonly<Record<(typeof GROWING)[number], number>>;

/** In bytes, with indexes, over all these databases. */
export async function tableSizes(urls: readonly string[]): Promise<TableSizes> {
  const sizes = { saga: 0, saga_history: 0, saga_timer: 0, inbox: 0, outbox: 0, unacknowledged: 0 };
  for (const url of urls) {
    for (const { name, bytes, indexBytes } of await sizesOfTables(url))
      if (isGrowing(name)) sizes[name] += bytes + indexBytes;
  }
  return sizes;
}

function isGrowing(name: string): name is (typeof GROWING)[number] {
  return (GROWING as readonly string[]).includes(name);
}
