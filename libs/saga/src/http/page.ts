import { isUuid } from '../contract';
import { invalidRequest } from './problem';

/** Part of a list in the order of ids. */
export interface Page<Item> {
  readonly items: Item[];
  /** The cursor that asks for the next page; missing on the last one. */
  readonly next?: string;
}

/**
 * Reads one page of a list, whose items `read` finds after an id. It is asked for one item more than fits, which tells whether there
 * is a next page.
 *
 * @throws a Problem (400) for a cursor that is not the `next` of a page.
 */
export async function readPage<Item>(
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  idOf: (item: Item) => string,
  read: (after: string | undefined, limit: number) => Promise<readonly Item[]>,
): Promise<Page<Item>> {
  const found = await read(cursor === undefined ? undefined : idInCursor(cursor), limit + 1);
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: cursorAfter(idOf(last)) } : { items };
}

/** A place in a list, opaque to clients: the list goes on after the item with this id. */
function cursorAfter(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

function idInCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isUuid(id) || cursorAfter(id) !== cursor)
    throw invalidRequest([
      { field: 'cursor', problem: 'must be the cursor that the page before named for the next one' },
    ]);
  return id;
}
