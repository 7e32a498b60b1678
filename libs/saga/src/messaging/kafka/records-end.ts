/** Where so many records end, each of which begins with its length; undefined when they are not all there. */
export function endOfRecords(records: Buffer, count: number): number | undefined {
  if (count < 0) return undefined;
  let at = 0;
  for (let n = 0; n < count; n += 1) {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = records[at];
      at += 1;
      if (byte === undefined || shift > 28) return undefined;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    // Zigzag: an odd number stands for a negative one.
    if (length % 2 === 1 || length / 2 < SHORTEST_RECORD) return undefined;
    at += length / 2;
    if (at > records.length) return undefined;
  }
  return at;
}

/** Attributes, two deltas, a key, a value and a number of headers, a byte each. */
const SHORTEST_RECORD = 6;
