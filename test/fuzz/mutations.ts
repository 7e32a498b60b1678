/* The mutations of a valid message: first of its document, then of its JSON, then of its bytes. */
import { pick } from '../chaos/seeded-random';
import type { Attributes } from './documents';
import { oddFaults, oddIds, oddNumbers, oddTexts, oddValue } from './odd-values';
import { standIn } from './stand-ins';

type RandomSource = () => number;

const MOST_BLANKS = 300_000;
/** Brokers reject larger messages, so the fuzz sends none. */
const MOST_BYTES = 1_100_000;

/** Changes the document. `n` is the message's number, for the ids of targets. */
const ofDocuments: Readonly<Record<string, (document: Attributes, random: RandomSource, n: number) => Attributes>> = {
  'an attribute is missing': (document, random) => changed(document, random, () => undefined),
  'an attribute is null': (document, random) => changed(document, random, () => null),
  'an attribute is anything': (document, random) => changed(document, random, () => oddValue(random)),
  'several attributes are anything': (document, random) =>
    [0, 1, 2].reduce((each) => changed(each, random, () => oddValue(random)), document),
  'a text is odd': (document, random) => changed(document, random, () => pick(random, oddTexts), 'string'),
  'a number is odd': (document, random) => changed(document, random, () => pick(random, oddNumbers), 'number'),
  'an id is odd': (document, random) => changed(document, random, () => pick(random, oddIds), 'id'),
  'an id is in capitals': (document, random) => changed(document, random, (id) => String(id).toUpperCase(), 'id'),
  'an id is that of a target': (document, random, n) =>
    changed(document, random, () => standIn(pick(random, ['saga', 'command', 'order']), n), 'id'),
  'the same id as another message': (document) => ({ ...document, id: standIn('fresh', 1) }),
  'its saga asks for faults': (document, random) => ({ ...document, sagafault: pick(random, oddFaults) }),
  'an answer is asked for elsewhere': (document, random) => ({
    ...document,
    replyto: pick(random, [
      'saga.dead-letters',
      'order.events',
      'orchestrator.commands',
      'nowhere.at-all',
      '__offsets',
      '',
    ]),
  }),
  'a parent is forged': (document, random, n) => ({
    ...document,
    data: {
      ...(document['data'] as object),
      parent: {
        sagaId: standIn(pick(random, ['fresh', 'saga']), n),
        step: pick(random, ['payment', 'stock', '__proto__', 'x'.repeat(512), '\n']),
        commandId: standIn(pick(random, ['fresh', 'command']), n),
      },
    },
  }),
  'its type is another': (document, random) => ({
    ...document,
    type: pick(random, [
      'orchestrator.start-saga.v1',
      'payment.void.v1',
      'saga.completed.v1',
      'x.y.v0',
      'toString',
      'a\nb',
    ]),
  }),
  'its list is long': (document, random) => {
    const items = Array.from({ length: pick(random, [51, 1_001, 12_000]) }, () =>
      pick(random, [{}, { sku: 1 }, 'x', null]),
    );
    return { ...document, data: { ...(document['data'] as object), lines: items, ids: items } };
  },
  'it has extra attributes': (document, random) => ({
    ...document,
    [pick(random, ['extra', '', 'a b', 'toJSON', 'constructor'])]: oddValue(random),
    ...Object.fromEntries(Array.from({ length: pick(random, [1, 2_000]) }, (_, at) => [`more${at}`, at])),
  }),
};

/** Changes the JSON. */
const ofJson: Readonly<Record<string, (json: string, random: RandomSource) => string>> = {
  'an attribute comes twice': (json, random) =>
    json.replace('{', `{${JSON.stringify(pick(random, ['id', 'sagaid', 'type', 'data']))}:"x",`),
  'it has a prototype': (json, random) =>
    pick(random, [
      json.replace('{', '{"__proto__":{"id":"x","sagaid":1},'),
      json.replace('"data":{', '"data":{"__proto__":{"orderId":1},"constructor":{"prototype":{"x":1}},'),
      `{"__proto__":${json}}`,
    ]),
  'it is nested deep': (json, random) => {
    const depth = pick(random, [60, 65, 5_000, 100_000]);
    return json.replace('{', `{"deep":${'['.repeat(depth)}${']'.repeat(depth)},`);
  },
  'its numbers are huge': (json, random) =>
    json.replaceAll(
      /:(\d+)/g,
      () => `:${pick(random, ['9007199254740993', '1e400', '-1e400', '0.1e-400', `1${'0'.repeat(400)}`])}`,
    ),
  'it has blanks': (json, random) => {
    const each = Math.min(pick(random, [1, 100, 9_000]), Math.floor(MOST_BLANKS / json.split(',').length));
    return json.replaceAll(',', `,${' '.repeat(each)}`);
  },
  'it is escaped': (json) =>
    json.replaceAll(/[a-z]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'it goes on': (json, random) => json + pick(random, ['\n', '\0', 'x', '{}', ' '.repeat(300_000)]),
  'it is cut off': (json, random) => json.slice(0, Math.floor(random() * json.length)),
  'it is no object': (_json, random) => pick(random, ['null', '[]', '7', '"x"', '', ' ', 'true', '[[', '{"a"}']),
};

/** Changes the bytes. */
const ofBytes: Readonly<Record<string, (bytes: Buffer, random: RandomSource) => Buffer>> = {
  'bits are flipped': (bytes, random) => flipped(bytes, random, 1 + Math.floor(random() * 4)),
  'many bits are flipped': (bytes, random) => flipped(bytes, random, 60),
  'it is no UTF-8': (bytes, random) => {
    const at = Math.floor(random() * bytes.length);
    const wrong = pick(random, [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(wrong), bytes.subarray(at)]);
  },
  'it is UTF-16': (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  'it has a byte order mark': (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  'it is huge': (bytes, random) =>
    Buffer.concat([
      bytes,
      Buffer.alloc(pick(random, [262_144, 262_145, 900_000]) - Math.min(bytes.length, 262_144), 0x20),
    ]),
};

export const mutationNames: readonly string[] = [ofDocuments, ofJson, ofBytes].flatMap((each) => Object.keys(each));

/** The bytes of a document after these mutations, applied in their fixed order. */
export function mutated(document: Attributes, names: readonly string[], random: RandomSource, n: number): Buffer {
  let says = document;
  for (const name of names) says = ofDocuments[name]?.(says, random, n) ?? says;
  let json = JSON.stringify(says);
  for (const name of names) json = ofJson[name]?.(json, random) ?? json;
  let bytes: Buffer = Buffer.from(json);
  for (const name of names) bytes = ofBytes[name]?.(bytes, random) ?? bytes;
  return bytes.subarray(0, MOST_BYTES);
}

type Kind = 'string' | 'number' | 'id';

/** Replaces one value anywhere in the document; one of the given kind if there is any. */
function changed(
  document: Attributes,
  random: RandomSource,
  value: (before: unknown) => unknown,
  kind?: Kind,
): Attributes {
  const all = pathsIn(document);
  const wanted = all.filter(([, each]) => kind === undefined || isOf(kind, each));
  const [path, before] = pick(random, wanted.length > 0 ? wanted : all);
  return replaced(document, path, value(before)) as Attributes;
}

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): (readonly [Path, unknown])[] {
  const own = path.length === 0 ? [] : [[path, value] as const];
  if (typeof value !== 'object' || value === null) return own;
  // One item of a long list is enough.
  const entries = Array.isArray(value)
    ? value.slice(0, 1).map((each, at) => [at, each] as const)
    : Object.entries(value);
  return [...own, ...entries.flatMap(([name, each]) => pathsIn(each, [...path, name]))];
}

function replaced(value: unknown, [name, ...rest]: Path, by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value)) return value.map((each, at) => (at === name ? replaced(each, rest, by) : each) as unknown);
  const entries = Object.entries(value as object).map(([own, each]) => [
    own,
    own === name ? replaced(each, rest, by) : each,
  ]);
  return Object.fromEntries(entries);
}

function isOf(kind: Kind, value: unknown): boolean {
  if (kind === 'id') return typeof value === 'string' && /^[0-9a-f-]{36}$/i.test(value);
  return typeof value === kind;
}

export function flipped(bytes: Buffer, random: RandomSource, times: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length === 0) return copy;
  for (let time = 0; time < times; time += 1) {
    const at = Math.floor(random() * copy.length);
    copy.writeUInt8(copy.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
  }
  return copy;
}
