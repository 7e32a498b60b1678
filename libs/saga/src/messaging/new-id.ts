import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
const random = new Uint8Array(256 * RANDOM_BYTES);
let used = random.length;

/**
 * The id of a new message or saga: a UUIDv7. Two ids of one millisecond are in no order, so rows that are listed in the order of
 * their ids use the `v7()` of `uuid`.
 *
 * Reading random bytes from the system costs more than everything else, so they are read for 256 ids at once.
 */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return v7({ random: random.subarray(used, (used += RANDOM_BYTES)) });
}
