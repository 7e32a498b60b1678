/* One batch of the fuzz, in a form that can be written to a file and sent to another shop. */
import { seededRandom } from '../chaos/seeded-random';
import type { Codec } from './compress';
import { recordBatch, type BatchRecord, type Damage } from './record-batch';
import type { RealIds } from './stand-ins';

export interface FuzzMessage {
  readonly n: number;
  readonly topic: string;
  readonly partition: number;
  /** The kind of message from which its records were made. */
  readonly document: string;
  readonly mutations: readonly string[];
  readonly codec: Codec;
  readonly damage: Damage;
  /** Determines all of its bytes that are not in its records. */
  readonly seed: number;
  readonly records: readonly BatchRecord[];
}

/** The batch as sent, with the ids of this run. */
export function bytesOf({ records, codec, damage, seed }: FuzzMessage, ids: RealIds): Buffer {
  const real = records.map(({ key, value, headers }) => ({
    key: key && ids.in(key),
    value: value && ids.in(value),
    headers: headers.map(([name, held]) => [name, held && ids.in(held)] as const),
  }));
  return recordBatch(real, codec, damage, seededRandom(seed));
}

export function described({ n, topic, partition, document, mutations, codec, damage, records }: FuzzMessage): string {
  const how = [...mutations, ...(damage === 'none' ? [] : [`batch: ${damage}`])];
  const start =
    records[0]?.value
      ?.subarray(0, 200)
      .toString('latin1')
      .replaceAll(/[^ -~]/g, '.') ?? 'null';
  const what = `${document}, ${codec}, ${records.length} records`;
  return `#${n} ${topic}/${partition}: ${what}: ${how.join(', ') || 'unchanged'}: ${start}`;
}

const text = (bytes: Buffer | null): string | null => bytes && bytes.toString('base64');
const bytes = (from: string | null): Buffer | null => (from === null ? null : Buffer.from(from, 'base64'));

interface KeptRecord {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: readonly (readonly [string, string | null])[];
}

/** One line of JSON a message. */
export function toFile(messages: readonly FuzzMessage[]): string {
  const lines = messages.map(({ records, ...message }) => ({
    ...message,
    records: records.map(({ key, value, headers }): KeptRecord => ({
      key: text(key),
      value: text(value),
      headers: headers.map(([name, held]) => [name.toString('base64'), text(held)]),
    })),
  }));
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

export function fromFile(file: string): FuzzMessage[] {
  const lines = file.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const { records, ...message } = JSON.parse(line) as Omit<FuzzMessage, 'records'> & { records: KeptRecord[] };
    return {
      ...message,
      records: records.map(({ key, value, headers }) => ({
        key: bytes(key),
        value: bytes(value),
        headers: headers.map(([name, held]) => [Buffer.from(name, 'base64'), bytes(held)] as const),
      })),
    };
  });
}
