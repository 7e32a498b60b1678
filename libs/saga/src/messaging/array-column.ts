/*
 * Encodes arrays in PostgreSQL's binary format (array_recv, src/backend/utils/adt/arrayfuncs.c). In the text format,
 * which `pg` uses, each quote of each JSON document is escaped here and parsed there, character by character. The
 * statement must declare the array's type, because PostgreSQL does not convert binary parameters.
 */
const UUID = { oid: 2950, bytes: 16 };
const TEXT = { oid: 25 };
const BYTEA = { oid: 17 };
const INT = { oid: 23, bytes: 4 };
const FLOAT8 = { oid: 701, bytes: 8 };

/**
 * The header of a one-dimensional array: number of dimensions, whether there are nulls, the elements' type, their
 * number, and the first index.
 */
const HEAD_BYTES = 20;
const SIZE_BYTES = 4;
const NULL_SIZE = -1;

/**
 * For a parameter of type `uuid[]`.
 *
 * @throws TypeError when an element is no UUID
 */
export function uuidArray(ids: readonly string[]): Buffer {
  const array = begun(UUID.oid, ids.length, UUID.bytes * ids.length);
  let at = HEAD_BYTES;
  for (const id of ids) {
    array.writeInt32BE(UUID.bytes, at);
    writeUuid(array, id, at + SIZE_BYTES);
    at += SIZE_BYTES + UUID.bytes;
  }
  return array;
}

/** For a parameter of type `text[]`. */
export function textArray(texts: readonly (string | null)[]): Buffer {
  const array = begun(TEXT.oid, texts.length, sum(texts, Buffer.byteLength));
  let at = HEAD_BYTES;
  for (const text of texts) {
    const size = text === null ? NULL_SIZE : array.write(text, at + SIZE_BYTES);
    array.writeInt32BE(size, at);
    at += SIZE_BYTES + Math.max(size, 0);
  }
  return array;
}

/** For a parameter of type `bytea[]`. */
export function byteaArray(values: readonly (Buffer | null)[]): Buffer {
  const array = begun(
    BYTEA.oid,
    values.length,
    sum(values, ({ length }) => length),
  );
  let at = HEAD_BYTES;
  for (const value of values) {
    at = array.writeInt32BE(value === null ? NULL_SIZE : value.length, at);
    if (value !== null) at += value.copy(array, at);
  }
  return array;
}

/** For a parameter of type `int[]`. */
export function intArray(numbers: readonly number[]): Buffer {
  const array = begun(INT.oid, numbers.length, INT.bytes * numbers.length);
  let at = HEAD_BYTES;
  for (const number of numbers) at = array.writeInt32BE(number, array.writeInt32BE(INT.bytes, at));
  return array;
}

/** For a parameter of type `float8[]`. */
export function float8Array(numbers: readonly (number | null)[]): Buffer {
  const array = begun(
    FLOAT8.oid,
    numbers.length,
    sum(numbers, () => FLOAT8.bytes),
  );
  let at = HEAD_BYTES;
  for (const number of numbers) {
    if (number === null) at = array.writeInt32BE(NULL_SIZE, at);
    else at = array.writeDoubleBE(number, array.writeInt32BE(FLOAT8.bytes, at));
  }
  return array;
}

function begun(oid: number, count: number, bytes: number): Buffer {
  const array = Buffer.allocUnsafe(HEAD_BYTES + SIZE_BYTES * count + bytes);
  let at = array.writeInt32BE(1, 0);
  at = array.writeInt32BE(1, at);
  at = array.writeInt32BE(oid, at);
  at = array.writeInt32BE(count, at);
  array.writeInt32BE(1, at);
  return array;
}

function sum<T>(values: readonly (T | null)[], sizeOf: (value: T) => number): number {
  return values.reduce((bytes, value) => (value === null ? bytes : bytes + sizeOf(value)), 0);
}

const UUID_DIGITS = 32;

function writeUuid(array: Buffer, id: string, start: number): void {
  let digits = 0;
  let high = 0;
  for (let i = 0; i < id.length; i += 1) {
    const code = id.charCodeAt(i);
    if (code === HYPHEN) continue;
    const digit = DIGITS[code] ?? NO_DIGIT;
    if (digit === NO_DIGIT || digits === UUID_DIGITS) throw noUuid(id);
    if (digits % 2 === 0) high = digit << 4;
    else array[start + (digits >> 1)] = high | digit;
    digits += 1;
  }
  if (digits !== UUID_DIGITS) throw noUuid(id);
}

function noUuid(id: string): TypeError {
  return new TypeError(`${JSON.stringify(id)} is no UUID.`);
}

const HYPHEN = '-'.charCodeAt(0);
const NO_DIGIT = 255;
/** The value of each hexadecimal digit by its character's code. */
const DIGITS = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, character] of [...'0123456789abcdef'].entries()) {
  DIGITS[character.charCodeAt(0)] = value;
  DIGITS[character.toUpperCase().charCodeAt(0)] = value;
}
