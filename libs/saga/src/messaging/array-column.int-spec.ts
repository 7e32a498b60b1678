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

describe('An array in binary is to PostgreSQL what it was here', () => {
  it.each([
    ['nothing', []],
    ['one', ['RUNNING']],
    ['several, and nulls', ['a', null, '', 'NULL', null]],
    ['what text would escape', ['{"a":"\\"b\\\\"}', '{,}', ' "', "'", '\n\t']],
    ['letters of one to four bytes', ['e', 'é', '€', '𝄞', 'é€𝄞'.repeat(3)]],
    ['a long one', ['x'.repeat(300_000), 'é'.repeat(300_000)]],
  ])('text: %s', async (_, texts) => {
    expect(await read('text[]', textArray(texts))).toEqual(texts);
  });

  it('uuid, in capitals too, and without hyphens', async () => {
    const id = '01a201a2-d8a3-747b-8a1f-a1dae649d5b5';
    expect(await read('uuid[]', uuidArray([]))).toEqual([]);
    const spelt = [id, id.toUpperCase(), id.replaceAll('-', ''), 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    expect(await read('uuid[]', uuidArray(spelt))).toEqual([id, id, id, 'ffffffff-ffff-ffff-ffff-ffffffffffff']);
  });

  it('int', async () => {
    const numbers = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    expect(await read('int[]', intArray([]))).toEqual([]);
    expect(await read('int[]', intArray(numbers))).toEqual(numbers);
  });

  it('float8, and nulls', async () => {
    const numbers = [0, null, 1_795_305_600_123, 0.1, -2.5e300, null];
    expect(await read('float8[]', float8Array([]))).toEqual([]);
    expect(await read('float8[]', float8Array(numbers))).toEqual(numbers);
  });
});

it.each([
  ['a word', 'saga-1'],
  ['nothing', ''],
  ['too short', '01a201a2-d8a3-747b-8a1f-a1dae649d5b'],
  ['too long', '01a201a2-d8a3-747b-8a1f-a1dae649d5b55'],
  ['no digit', '01a201a2-d8a3-747b-8a1f-a1dae649d5bg'],
  ['no digit of any alphabet', '01a201a2-d8a3-747b-8a1f-a1dae649d5b٣'],
])('What is no UUID is named: %s', (_, id) => {
  expect(() => uuidArray([id])).toThrow(new TypeError(`${JSON.stringify(id)} is no UUID.`));
});

it('Text that PostgreSQL cannot keep is refused by it', async () => {
  await expect(read('text[]', textArray(['a\0b']))).rejects.toMatchObject({ code: '22021' });
});

it('A number that is no int is refused', () => {
  expect(() => intArray([2 ** 31])).toThrow('out of range');
});
