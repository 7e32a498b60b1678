import type { Pool } from 'pg';
import { RealServers } from '../../test/real-servers';
import { float8Array, intArray, textArray, uuidArray } from './array-column';

let servers: RealServers;
let pool: Pool;

beforeAll(async () => {
  servers = await RealServers.start();
  pool = servers.pool(await servers.database());
});

afterAll(() => servers?.stop());

/** What PostgreSQL makes of an array. */
async function read(type: string, array: Buffer): Promise<unknown> {
  const { rows } = await pool.query<{ read: unknown }>({ text: `SELECT $1::${type} AS read`, values: [array] });
  return rows[0]?.read;
}

describe('a binary array parameter', () => {
  it.each([
    ['no elements', []],
    ['one element', ['RUNNING']],
    ['several elements and nulls', ['a', null, '', 'NULL', null]],
    ['characters that the text format escapes', ['{"a":"\\"b\\\\"}', '{,}', ' "', "'", '\n\t']],
    ['characters of one to four bytes', ['e', 'é', '€', '𝄞', 'é€𝄞'.repeat(3)]],
    ['long elements', ['x'.repeat(300_000), 'é'.repeat(300_000)]],
  ])('carries text with %s', async (_, texts) => {
    expect(await read('text[]', textArray(texts))).toEqual(texts);
  });

  it('carries UUIDs, also in capitals and without hyphens', async () => {
    const id = '01a201a2-d8a3-747b-8a1f-a1dae649d5b5';
    expect(await read('uuid[]', uuidArray([]))).toEqual([]);
    const spelt = [id, id.toUpperCase(), id.replaceAll('-', ''), 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    expect(await read('uuid[]', uuidArray(spelt))).toEqual([id, id, id, 'ffffffff-ffff-ffff-ffff-ffffffffffff']);
  });

  it('carries integers', async () => {
    const numbers = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    expect(await read('int[]', intArray([]))).toEqual([]);
    expect(await read('int[]', intArray(numbers))).toEqual(numbers);
  });

  it('carries floating-point numbers and nulls', async () => {
    const numbers = [0, null, 1_795_305_600_123, 0.1, -2.5e300, null];
    expect(await read('float8[]', float8Array([]))).toEqual([]);
    expect(await read('float8[]', float8Array(numbers))).toEqual(numbers);
  });
});

it.each([
  ['no UUID format', 'saga-1'],
  ['no characters', ''],
  ['too few digits', '01a201a2-d8a3-747b-8a1f-a1dae649d5b'],
  ['too many digits', '01a201a2-d8a3-747b-8a1f-a1dae649d5b55'],
  ['an invalid digit', '01a201a2-d8a3-747b-8a1f-a1dae649d5bg'],
  ['a digit of another script', '01a201a2-d8a3-747b-8a1f-a1dae649d5b٣'],
])('an array of UUIDs rejects and names a value that has %s', (_, id) => {
  expect(() => uuidArray([id])).toThrow(new TypeError(`${JSON.stringify(id)} is no UUID.`));
});

it('PostgreSQL rejects text with a NUL in a binary array', async () => {
  await expect(read('text[]', textArray(['a\0b']))).rejects.toMatchObject({ code: '22021' });
});

it('an array of integers rejects a number out of range', () => {
  expect(() => intArray([2 ** 31])).toThrow('out of range');
});
