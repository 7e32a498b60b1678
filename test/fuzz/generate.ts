/* Which messages a round sends: the same for the same seed, topics and observed messages. */
import { CONTENT_TYPE } from '@palinode/saga/internal/contract';
import { seededRandom, pick } from '../chaos/seeded-random';
import { codecs } from './compress';
import { documents, type Document } from './documents';
import type { FuzzMessage } from './fuzz-message';
import { mutated, mutationNames } from './mutations';
import { damages, type BatchRecord, type Damage } from './record-batch';
import { standIn } from './stand-ins';

export interface Sources {
  readonly topics: readonly string[];
  readonly partitions: number;
  /** Messages that the services have sent. */
  readonly observed: readonly Document[];
}

type RandomSource = () => number;

/** The most slow-to-decode messages for one topic. */
const SHARE = { damaged: 0.3, several: 0.15, elsewhere: 0.3, valid: 0.08, oddKey: 0.12, oddHeaders: 0.15 } as const;
const HEAVY: readonly Damage[] = ['inflates to 7 MiB', 'inflates to 9 MiB', 'inflates to 70 MiB'];
const HEAVY_SHARE = 0.02;
const MAX_BATCH_BYTES = 900_000;
const ROUND_STRIDE = 1_000_003;

/** The messages of one round; `round` counts from 0. */
export function generate(seed: number, round: number, count: number, sources: Sources): FuzzMessage[] {
  const random = seededRandom(seed + round * ROUND_STRIDE);
  return Array.from({ length: count }, (_, at) => oneMessage(random, round * count + at, sources));
}

function oneMessage(random: RandomSource, n: number, { topics, partitions, observed }: Sources): FuzzMessage {
  const document = pick(random, random() < 0.3 && observed.length > 0 ? observed : documents);
  const topic = random() < SHARE.elsewhere || !topics.includes(document.topic) ? pick(random, topics) : document.topic;
  const mutations = random() < SHARE.valid ? [] : someMutations(random);
  const records = fitting(recordCount(random), (at) => oneRecord(random, document, mutations, n + at));
  return {
    n,
    topic,
    partition: random() < 0.01 ? pick(random, [partitions, -1, 2 ** 31 - 1]) : Math.floor(random() * partitions),
    document: document.what,
    mutations,
    codec: pick(random, codecs),
    damage: oneDamage(random),
    seed: Math.floor(random() * 2 ** 31),
    records,
  };
}

/** Mostly one mutation: a combination is rarely needed, and the second often hides the first. */
function someMutations(random: RandomSource): string[] {
  const count = random() < 0.75 ? 1 : random() < 0.8 ? 2 : 3;
  return [...new Set(Array.from({ length: count }, () => pick(random, mutationNames)))];
}

function recordCount(random: RandomSource): number {
  if (random() > SHARE.several) return 1;
  return random() < 0.05 ? 300 : 2 + Math.floor(random() * 4);
}

/** This many records, or as many as a broker accepts in one batch. */
function fitting(count: number, record: (at: number) => BatchRecord): BatchRecord[] {
  const records: BatchRecord[] = [];
  for (let bytes = 0; records.length < count && bytes < MAX_BATCH_BYTES;) {
    const next = record(records.length);
    records.push(next);
    bytes += next.value?.length ?? 0;
  }
  return records;
}

function oneDamage(random: RandomSource): Damage {
  if (random() < HEAVY_SHARE) return pick(random, HEAVY);
  if (random() > SHARE.damaged) return 'none';
  return pick(
    random,
    damages.filter((each) => each !== 'none' && !HEAVY.includes(each)),
  );
}

function oneRecord(random: RandomSource, document: Document, mutations: readonly string[], n: number): BatchRecord {
  const value = random() < 0.02 ? null : mutated(document.says(n), mutations, random, n);
  return { key: oneKey(random, n), value, headers: someHeaders(random, document) };
}

function oneKey(random: RandomSource, n: number): Buffer | null {
  if (random() > SHARE.oddKey) return Buffer.from(standIn(pick(random, ['saga', 'order', 'fresh']), n));
  return pick(random, [
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

function someHeaders(random: RandomSource, { headers = {} }: Document): Header[] {
  const usual = [
    header('content-type', CONTENT_TYPE),
    ...Object.entries(headers).map(([name, value]) => header(name, value)),
  ];
  if (random() > SHARE.oddHeaders) return usual;
  return pick<() => Header[]>(random, [
    () => [],
    () => [...usual, ...usual],
    () => Array.from({ length: pick(random, [101, 20_000]) }, (_, at) => header(`h${at}`, '')),
    () => [...usual, header('huge', Buffer.alloc(200_000, 'h'))],
    () => usual.map(([name]) => [name, pick(random, [null, Buffer.from([0xff, 0, 0x1b]), Buffer.from('\r\nx')])]),
    () => [...usual, header('__proto__', 'x'), header('constructor', null), header('toString', 'y'), header('', '')],
    () => [...usual, [Buffer.from([0xff, 0xfe, 0]), Buffer.from([0xff])]],
    () => [...usual, header('traceparent', pick(random, ['00-x', '\0', '0'.repeat(5_000)]))],
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
          pick(random, ['', '7', '-1', 'order.commands', '99999999999999999999', '[[', 'x'.repeat(5_000), '\0\u001b']),
        ),
      ),
  ])();
}
