import * as fc from 'fast-check';
import type { IncomingMessage } from '../src/messaging';
import { incoming } from './messages';

/** Values that have caused bugs, and arbitrary JSON. */
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom('__proto__', 'constructor', '', '\0', 'a\r\nb', '\ud800', 1e308, -0, -1, [], {}, 'x'.repeat(600)),
);

/** A message of the topic: often this document with some attributes replaced or removed, otherwise arbitrary bytes. */
export function anyMessage(topic: string, document: object): fc.Arbitrary<IncomingMessage> {
  const names = [...Object.keys(document), '__proto__', 'data.saga', 'data.input', 'data.parent', 'data.version'];
  const changes = fc.dictionary(fc.constantFrom(...names), fc.option(anyValue, { nil: undefined }), { maxKeys: 3 });
  const text = changes.map((changed) => JSON.stringify(changedBy(document, changed)));
  const mended = fc.tuple(text, fc.nat(), fc.string({ maxLength: 3 })).map(([json, at, junk]) => {
    const place = at % json.length;
    return json.slice(0, place) + junk + json.slice(place + 1);
  });
  const bytes = fc.oneof(
    { weight: 6, arbitrary: text.map((json) => Buffer.from(json)) },
    { weight: 2, arbitrary: mended.map((json) => Buffer.from(json)) },
    fc.json().map((json) => Buffer.from(json)),
    fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  );
  return bytes.map((value) => incoming(topic, value));
}

function changedBy(document: object, changes: Readonly<Record<string, unknown>>): object {
  const { data } = document as { data?: object };
  const changed: Record<string, unknown> = { ...document };
  const inside: Record<string, unknown> = { ...data };
  for (const [name, value] of Object.entries(changes)) {
    const [outer, inner] = name.split('.');
    if (inner === undefined) define(changed, outer ?? '', value);
    else define(inside, inner, value);
  }
  if (!('data' in changes)) changed['data'] = inside;
  return changed;
}

/** Includes the names of properties that every object inherits. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
