import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
const random = new Uint8Array(256 * RANDOM_BYTES);
let used = random.length;

/**
 * The id of a new message, or of a new saga: a UUIDv7. Two of one millisecond are in no order; rows that are listed in the order
 * of their ids have those of `uuid`'s own `v7()`.
 *
 * Asking the system for randomness each time costs more than all the rest, so it is asked for 256 at once.
 */
export function newId(): string {
  if (used === random.length) {
    randomFillSync(random);
    used = 0;
  }
  return v7({ random: random.subarray(used, (used += RANDOM_BYTES)) });
}
