import { isUuid } from '../contract';
import { InvalidQueryException } from './invalid-query';

/** A place in a list, opaque to clients: the list goes on after the saga with this id. */
export function cursorAfter(sagaId: string): string {
  return Buffer.from(sagaId.replaceAll('-', ''), 'hex').toString('base64url');
}

/** @throws InvalidQueryException for what `cursorAfter` did not make. */
export function sagaIdOf(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  if (!isUuid(id) || cursorAfter(id) !== cursor) {
    throw new InvalidQueryException([{ field: 'cursor', problem: 'must be a nextCursor of this list' }]);
  }
  return id;
}
