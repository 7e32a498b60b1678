import { isUuid } from '../contract';
import { InvalidRequestException } from './valid-request';

/** Returns an opaque cursor: the list continues after the item with this id. */
export function cursorAfter(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** Returns the id in a cursor. @throws InvalidRequestException unless `cursorAfter` made it. */
export function idOf(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isUuid(id) || cursorAfter(id) !== cursor) {
    throw new InvalidRequestException([{ field: 'cursor', problem: 'must be a nextCursor of this list' }]);
  }
  return id;
}
