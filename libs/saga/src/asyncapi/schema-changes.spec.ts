import type { JsonSchema } from '../contract';
import { schemaChanges } from './schema-changes';

const changes = (shipped: JsonSchema, current: JsonSchema): unknown =>
  schemaChanges({ schema: shipped, document: {} }, { schema: current, document: {} });

const object = (properties: Record<string, JsonSchema>, ...required: string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
const text = { type: 'string' };

const narrows = (field: string, change: string): unknown[] => [{ field, change, narrows: true, widens: false }];
const widens = (field: string, change: string): unknown[] => [{ field, change, narrows: false, widens: true }];
const both = (field: string, change: string): unknown[] => [{ field, change, narrows: true, widens: true }];

describe('a compatible schema change', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['an optional field is added', object({ a: text }, 'a'), object({ a: text, b: text }, 'a')],
    ['an optional field is removed', object({ a: text, b: text }, 'a'), object({ a: text }, 'a')],
    [
      'fields and values change their order',
      { enum: ['x', 'y'], required: ['a', 'b'] },
      { required: ['b', 'a'], enum: ['y', 'x'] },
    ],
    [
      'the documentation of a field changes',
      { ...text, description: 'one' },
      { ...text, description: 'two', examples: ['x'] },
    ],
    ['an x- extension changes', { ...text, 'x-sagas': [] }, { ...text, 'x-sagas': ['place-order'] }],
  ])('is not reported when %s', (_what, shipped, current) => {
    expect(changes(shipped, current)).toEqual([]);
  });
});

describe('a schema change that narrows a message', () => {
  it.each<[string, JsonSchema, JsonSchema, unknown[]]>([
    ['a required field is added', object({}), object({ a: text }, 'a'), narrows('a', 'became required')],
    [
      'an optional field becomes required',
      object({ a: text }),
      object({ a: text }, 'a'),
      narrows('a', 'became required'),
    ],
    [
      'a type gets narrower',
      { type: 'number' },
      { type: 'integer' },
      narrows('the message', 'changed its type from number to integer'),
    ],
    ['a type is added', {}, text, narrows('the message', 'changed its type from any to string')],
    ['a value is removed', { enum: ['x', 'y'] }, { enum: ['x'] }, narrows('the message', 'lost the value y')],
    ['the values are restricted', text, { ...text, enum: ['x'] }, narrows('the message', 'became one of x')],
    ['a minimum rises', { minimum: 1 }, { minimum: 2 }, narrows('the message', 'changed its minimum from 1 to 2')],
    [
      'a maximum falls',
      { maxLength: 9 },
      { maxLength: 8 },
      narrows('the message', 'changed its maxLength from 9 to 8'),
    ],
    ['a bound is added', {}, { maxItems: 5 }, narrows('the message', 'changed its maxItems from none to 5')],
    [
      'a pattern is added',
      text,
      { ...text, pattern: '^a' },
      narrows('the message', 'changed its pattern from none to ^a'),
    ],
    [
      'unknown fields are forbidden',
      object({}),
      { ...object({}), additionalProperties: false },
      narrows('the message', 'changed its additionalProperties from none to false'),
    ],
  ])('is reported as breaking new readers when %s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('a schema change that widens a message', () => {
  it.each<[string, JsonSchema, JsonSchema, unknown[]]>([
    ['a required field is removed', object({ a: text }, 'a'), object({}), widens('a', 'was removed')],
    [
      'a required field becomes optional',
      object({ a: text }, 'a'),
      object({ a: text }),
      widens('a', 'became optional'),
    ],
    [
      'a type gets wider',
      { type: 'integer' },
      { type: 'number' },
      widens('the message', 'changed its type from integer to number'),
    ],
    ['a value is added', { enum: ['x'] }, { enum: ['x', 'y'] }, widens('the message', 'gained the value y')],
    ['any value is allowed', { enum: ['x'] }, {}, widens('the message', 'is no longer one of x')],
    ['a minimum falls', { minItems: 2 }, { minItems: 1 }, widens('the message', 'changed its minItems from 2 to 1')],
    ['a maximum rises', { maximum: 2 }, { maximum: 3 }, widens('the message', 'changed its maximum from 2 to 3')],
    ['a bound is removed', { minimum: 0 }, {}, widens('the message', 'changed its minimum from 0 to none')],
    ['a format is removed', { format: 'uuid' }, {}, widens('the message', 'changed its format from uuid to none')],
  ])('is reported as breaking running readers when %s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('a schema change that replaces a rule', () => {
  it.each<[string, JsonSchema, JsonSchema, unknown[]]>([
    ['a type changes', text, { type: 'integer' }, both('the message', 'changed its type from string to integer')],
    [
      'a pattern changes',
      { pattern: '^a' },
      { pattern: '^b' },
      both('the message', 'changed its pattern from ^a to ^b'),
    ],
    [
      'an unknown keyword changes',
      { anyOf: [text] },
      { anyOf: [{ type: 'integer' }] },
      both('the message', 'changed its anyOf from [{"type":"string"}] to [{"type":"integer"}]'),
    ],
  ])('is reported as breaking new and running readers when %s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('a schema change in a nested part', () => {
  const lines = (quantity: JsonSchema): JsonSchema => object({ lines: { type: 'array', items: object({ quantity }) } });

  it('is reported with its path in the items of a list', () => {
    expect(changes(lines({ maximum: 9 }), lines({ maximum: 8 }))).toEqual(
      narrows('lines[].quantity', 'changed its maximum from 9 to 8'),
    );
  });

  it('is reported with its path in allOf', () => {
    expect(changes({ allOf: [object({ a: text })] }, { allOf: [object({ a: text }, 'a')] })).toEqual(
      narrows('a', 'became required'),
    );
  });

  it('is reported with its path behind a reference, resolved in its own document', () => {
    const located = (a: JsonSchema): { schema: JsonSchema; document: JsonSchema } => ({
      schema: { $ref: '#/schemas/it' },
      document: { schemas: { it: object({ a }) } },
    });
    expect(schemaChanges(located({ type: 'integer' }), located(text))).toEqual(
      both('a', 'changed its type from integer to string'),
    );
  });
});
