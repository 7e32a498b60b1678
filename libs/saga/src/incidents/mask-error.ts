/* Texts of errors without what differs from one saga to the next, so that sagas with the same error form one group. */
import { shorten } from '../contract';

const MOST = 300;

/** A word with a digit in it: an id, a number, an address, a time. */
const WITH_DIGIT = /[\p{L}\p{N}_]*\p{N}[\p{L}\p{N}_]*(?:[-.:/@][\p{L}\p{N}_]+)*/gu;
/** What an earlier word with a letter only leads to: `SKU-1`, `o-17`, `api.v2.test`. */
const LEADING = /(?:[\p{L}_]+[-./:@])+(?=…)/gu;

/**
 * Replaces ids and numbers by `…`: `Order o-17 has 3 items` becomes `Order … has … items`. Texts that differ in nothing
 * else become equal.
 */
export function maskError(text: string): string {
  const masked = text.replaceAll(WITH_DIGIT, '…').replaceAll(LEADING, '').replaceAll(/\s+/g, ' ').trim();
  return shorten(masked, MOST);
}
