/* The cursor of a list of sagas: the start or end of the last one, in microseconds since 1970, and its id. */
import { isUuid } from '../contract';
import { invalidRequest } from '../http';
import type { SagaPlace } from '../store';

const TIME_BYTES = 8;

export function cursorOf({ at, id }: SagaPlace): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeBigInt64BE(BigInt(at));
  return Buffer.concat([time, Buffer.from(id.replaceAll('-', ''), 'hex')]).toString('base64url');
}

/** @throws a Problem (400) for a cursor that is not the `nextCursor` of a page */
export function placeIn(cursor: string): SagaPlace {
  const bytes = Buffer.from(cursor, 'base64url');
  const place = {
    at: bytes.length < TIME_BYTES ? '0' : String(bytes.readBigInt64BE()),
    id: bytes.toString('hex', TIME_BYTES).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  };
  if (isUuid(place.id) && Math.abs(Number(place.at)) <= MOST_MICROS && cursorOf(place) === cursor) return place;
  const problem = 'must be the cursor that the page before named for the next one';
  throw invalidRequest([{ field: 'cursor', problem }]);
}

/** The last instant that a Date can be. */
const MOST_MICROS = 8.64e18;
