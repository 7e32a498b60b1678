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

describe('no harm is done when', () => {
  it.each<[string, JsonSchema, JsonSchema]>([
    ['an optional field is added', object({ a: text }, 'a'), object({ a: text, b: text }, 'a')],
    ['an optional field is removed', object({ a: text, b: text }, 'a'), object({ a: text }, 'a')],
    [
      'fields and reasons change places',
      { enum: ['x', 'y'], required: ['a', 'b'] },
      { required: ['b', 'a'], enum: ['y', 'x'] },
    ],
    ['words about a field change', { ...text, description: 'one' }, { ...text, description: 'two', examples: ['x'] }],
    ['a notice of ours changes', { ...text, 'x-sagas': [] }, { ...text, 'x-sagas': ['place-order'] }],
  ])('%s', (_what, shipped, current) => {
    expect(changes(shipped, current)).toEqual([]);
  });
});

describe('new readers would refuse what running senders send when', () => {
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
    ['a type is laid down', {}, text, narrows('the message', 'changed its type from any to string')],
    ['a value is taken away', { enum: ['x', 'y'] }, { enum: ['x'] }, narrows('the message', 'lost the value y')],
    ['values are laid down', text, { ...text, enum: ['x'] }, narrows('the message', 'became one of x')],
    ['a minimum rises', { minimum: 1 }, { minimum: 2 }, narrows('the message', 'changed its minimum from 1 to 2')],
    [
      'a maximum falls',
      { maxLength: 9 },
      { maxLength: 8 },
      narrows('the message', 'changed its maxLength from 9 to 8'),
    ],
    ['a bound is laid down', {}, { maxItems: 5 }, narrows('the message', 'changed its maxItems from none to 5')],
    [
      'a pattern is laid down',
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
  ])('%s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('running readers would refuse what new senders may send when', () => {
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
    ['any value will do', { enum: ['x'] }, {}, widens('the message', 'is no longer one of x')],
    ['a minimum falls', { minItems: 2 }, { minItems: 1 }, widens('the message', 'changed its minItems from 2 to 1')],
    ['a maximum rises', { maximum: 2 }, { maximum: 3 }, widens('the message', 'changed its maximum from 2 to 3')],
    ['a bound is lifted', { minimum: 0 }, {}, widens('the message', 'changed its minimum from 0 to none')],
    ['a format is lifted', { format: 'uuid' }, {}, widens('the message', 'changed its format from uuid to none')],
  ])('%s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('neither side takes what the other sends when', () => {
  it.each<[string, JsonSchema, JsonSchema, unknown[]]>([
    ['a type changes', text, { type: 'integer' }, both('the message', 'changed its type from string to integer')],
    [
      'a pattern changes',
      { pattern: '^a' },
      { pattern: '^b' },
      both('the message', 'changed its pattern from ^a to ^b'),
    ],
    [
      'something else changes, which is not understood',
      { anyOf: [text] },
      { anyOf: [{ type: 'integer' }] },
      both('the message', 'changed its anyOf from [{"type":"string"}] to [{"type":"integer"}]'),
    ],
  ])('%s', (_what, shipped, current, expected) => {
    expect(changes(shipped, current)).toEqual(expected);
  });
});

describe('a change is found, and named by its path,', () => {
  const lines = (quantity: JsonSchema): JsonSchema => object({ lines: { type: 'array', items: object({ quantity }) } });

  it('in the items of a list', () => {
    expect(changes(lines({ maximum: 9 }), lines({ maximum: 8 }))).toEqual(
      narrows('lines[].quantity', 'changed its maximum from 9 to 8'),
    );
  });

  it('in a part of the whole', () => {
    expect(changes({ allOf: [object({ a: text })] }, { allOf: [object({ a: text }, 'a')] })).toEqual(
      narrows('a', 'became required'),
    );
  });

  it('behind a reference, each in its own document', () => {
    const located = (a: JsonSchema): { schema: JsonSchema; document: JsonSchema } => ({
      schema: { $ref: '#/schemas/it' },
      document: { schemas: { it: object({ a }) } },
    });
    expect(schemaChanges(located({ type: 'integer' }), located(text))).toEqual(
      both('a', 'changed its type from integer to string'),
    );
  });
});
