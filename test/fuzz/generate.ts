/* Which messages a round sends: the same for the same seed, topics and observed messages. */
import { CONTENT_TYPE } from '@palinode/saga/contract';
import { diceOf, pick } from '../chaos/dice';
import { codecs } from './compress';
import { documents, type Document } from './documents';
import type { FuzzMessage } from './fuzz-message';
import { mutated, mutationNames } from './mutations';
import { damages, type BatchRecord, type Damage } from './record-batch';
import { standIn } from './stand-ins';

export interface Sources {
  readonly topics: readonly string[];
  readonly partitions: number;
  /** Messages that the services sent themselves. */
  readonly observed: readonly Document[];
}

type Dice = () => number;

/** As many as a topic gets at most of what it takes long to decode. */
const SHARE = { damaged: 0.3, several: 0.15, elsewhere: 0.3, valid: 0.08, oddKey: 0.12, oddHeaders: 0.15 } as const;
const HEAVY: readonly Damage[] = ['inflates to 7 MiB', 'inflates to 9 MiB', 'inflates to 70 MiB'];
const HEAVY_SHARE = 0.02;
const MOST_BATCH_BYTES = 900_000;
const ROUND_STRIDE = 1_000_003;

/** The messages of one round; `round` counts from 0. */
export function generate(seed: number, round: number, count: number, sources: Sources): FuzzMessage[] {
  const dice = diceOf(seed + round * ROUND_STRIDE);
  return Array.from({ length: count }, (_, at) => oneMessage(dice, round * count + at, sources));
}

function oneMessage(dice: Dice, n: number, { topics, partitions, observed }: Sources): FuzzMessage {
  const document = pick(dice, dice() < 0.3 && observed.length > 0 ? observed : documents);
  const topic = dice() < SHARE.elsewhere || !topics.includes(document.topic) ? pick(dice, topics) : document.topic;
  const mutations = dice() < SHARE.valid ? [] : someMutations(dice);
  const records = fitting(recordCount(dice), (at) => oneRecord(dice, document, mutations, n + at));
  return {
    n,
    topic,
    partition: dice() < 0.01 ? pick(dice, [partitions, -1, 2 ** 31 - 1]) : Math.floor(dice() * partitions),
    document: document.what,
    mutations,
    codec: pick(dice, codecs),
    damage: oneDamage(dice),
    seed: Math.floor(dice() * 2 ** 31),
    records,
  };
}

/** Mostly one: two that meet are rarely needed, and the second often hides the first. */
function someMutations(dice: Dice): string[] {
  const count = dice() < 0.75 ? 1 : dice() < 0.8 ? 2 : 3;
  return [...new Set(Array.from({ length: count }, () => pick(dice, mutationNames)))];
}

function recordCount(dice: Dice): number {
  if (dice() > SHARE.several) return 1;
  return dice() < 0.05 ? 300 : 2 + Math.floor(dice() * 4);
}

/** So many records, or as many as a broker takes in one batch. */
function fitting(count: number, record: (at: number) => BatchRecord): BatchRecord[] {
  const records: BatchRecord[] = [];
  for (let bytes = 0; records.length < count && bytes < MOST_BATCH_BYTES;) {
    const next = record(records.length);
    records.push(next);
    bytes += next.value?.length ?? 0;
  }
  return records;
}

function oneDamage(dice: Dice): Damage {
  if (dice() < HEAVY_SHARE) return pick(dice, HEAVY);
  if (dice() > SHARE.damaged) return 'none';
  return pick(
    dice,
    damages.filter((each) => each !== 'none' && !HEAVY.includes(each)),
  );
}

function oneRecord(dice: Dice, document: Document, mutations: readonly string[], n: number): BatchRecord {
  const value = dice() < 0.02 ? null : mutated(document.says(n), mutations, dice, n);
  return { key: oneKey(dice, n), value, headers: someHeaders(dice, document) };
}

function oneKey(dice: Dice, n: number): Buffer | null {
  if (dice() > SHARE.oddKey) return Buffer.from(standIn(pick(dice, ['saga', 'order', 'fresh']), n));
  return pick(dice, [
    null,
    Buffer.alloc(0),
    Buffer.from([0, 255, 128]),
    Buffer.from('\u001b]0;title\u0007\n'),
    Buffer.alloc(100_000, 'k'),
    Buffer.from('__proto__'),
  ]);
}

type Header = BatchRecord['headers'][number];
const header = (name: string, value: string | Buffer | null): Header => [
  Buffer.from(name),
  value === null ? null : Buffer.from(value),
];

function someHeaders(dice: Dice, { headers = {} }: Document): Header[] {
  const usual = [
    header('content-type', CONTENT_TYPE),
    ...Object.entries(headers).map(([name, value]) => header(name, value)),
  ];
  if (dice() > SHARE.oddHeaders) return usual;
  return pick<() => Header[]>(dice, [
    () => [],
    () => [...usual, ...usual],
    () => Array.from({ length: pick(dice, [101, 20_000]) }, (_, at) => header(`h${at}`, '')),
    () => [...usual, header('huge', Buffer.alloc(200_000, 'h'))],
    () => usual.map(([name]) => [name, pick(dice, [null, Buffer.from([0xff, 0, 0x1b]), Buffer.from('\r\nx')])]),
    () => [...usual, header('__proto__', 'x'), header('constructor', null), header('toString', 'y'), header('', '')],
    () => [...usual, [Buffer.from([0xff, 0xfe, 0]), Buffer.from([0xff])]],
    () => [...usual, header('traceparent', pick(dice, ['00-x', '\0', '0'.repeat(5_000)]))],
    () => usual.map(([name, value]) => [name, name.toString() === 'reason' ? Buffer.from('a\nb\u001b[1m') : value]),
    () =>
      [
        'reason',
        'service',
        'original-topic',
        'original-partition',
        'original-offset',
        'detail',
        'cut',
        'original-headers',
      ].map((name) =>
        header(
          name,
          pick(dice, ['', '7', '-1', 'order.commands', '99999999999999999999', '[[', 'x'.repeat(5_000), '\0\u001b']),
        ),
      ),
  ])();
}
