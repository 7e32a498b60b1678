/* Values that have broken programs, to replace any attribute. */
import * as fc from 'fast-check';
import { pick } from '../chaos/seeded-random';

/** Fullwidth, combining and invisible characters, and those that reverse text or move a terminal's cursor. */
export const oddTexts: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udc00y',
  '\u001b[2J\u001b[31mroot#',
  'a\r\n{"level":60,"msg":"forged"}',
  '\u2028\u2029',
  '\u202egnp.exe',
  '\ufeff',
  '\u0007\u0008\u007f\u0085\u009b',
  'Z\u0351\u036b\u0343'.repeat(100),
  '👩‍👩‍👧‍👦'.repeat(200),
  '%s%n%d',
  '${jndi:ldap://x}',
  "'; DROP TABLE saga; --",
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'NaN',
  '1e999',
  '-0',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
];

/** Invalid ids, and ids with an impossible time. */
export const oddIds: readonly string[] = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  '00000000-0000-7000-8000-000000000000',
  'ffffffff-ffff-7fff-bfff-ffffffffffff',
  '01400000-0000-7000-8000-000000000001',
  '02900000-0000-7000-8000-000000000001',
  'e6d8c000-0000-7000-8000-000000000001',
  '{01900000-0000-7000-8000-000000000001}',
  '01900000000070008000000000000001',
  '01900000-0000-7000-8000-00000000000g',
];

export const oddNumbers: readonly number[] = [
  0,
  -0,
  -1,
  0.1,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  1e21,
  1e300,
  5e-324,
];

/** Valid and invalid faults for a saga. None ends a process, because the fuzz checks for ended processes. */
export const oddFaults: readonly string[] = [
  'payment.authorize=drop-reply',
  'inventory.reserve-stock=fail;count=2',
  'payment.authorize=duplicate-reply',
  'payment.authorize=poison;every=yes, inventory.reserve-stock=poison;every=yes, order.confirm=poison;every=yes',
  'payment.void=delay;ms=50, inventory.release-stock=delay;ms=50',
  '=',
  ';;;;',
  'payment.authorize=',
  'payment.authorize=fail;count=1e9',
  'payment.authorize=delay;ms=-1',
  '__proto__=fail',
  'a=b,'.repeat(100),
  'x'.repeat(513),
];

const LONG = [513, 5_000, 70_000];

/** A value of any kind, the same for the same random. */
export function oddValue(random: () => number): unknown {
  switch (Math.floor(random() * 10)) {
    case 0:
      return null;
    case 1:
      return pick(random, oddNumbers);
    case 2:
    case 3:
      return pick(random, oddTexts);
    case 4:
      return pick(random, oddIds);
    case 5:
      return pick(random, ['x', '"', '\\', '\u0001', 'é', '\u{1f600}']).repeat(pick(random, LONG));
    case 6:
      return Array.from({ length: pick(random, [0, 1, 51, 1_000, 20_000]) }, () =>
        pick<unknown>(random, [{}, null, 7, 'SKU-CUP']),
      );
    case 7:
      return nested(pick(random, [1, 32, 63, 64, 90]), pick(random, ['array', 'object']));
    case 8:
      return pick<unknown>(random, [
        true,
        false,
        {},
        [],
        [[]],
        { $gt: '' },
        { toString: 'x' },
        { length: -1 },
        JSON.parse('{"then":1}'),
      ]);
    default:
      return fc.sample(fc.jsonValue({ maxDepth: 4 }), { seed: Math.floor(random() * 2 ** 31), numRuns: 1 })[0];
  }
}

function nested(depth: number, as: 'array' | 'object'): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = as === 'array' ? [value] : { a: value };
  return value;
}
