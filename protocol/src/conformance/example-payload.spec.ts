import type { JsonSchema } from '@palinode/saga/contract';
import { examplePayload, NoExampleError } from './example-payload';

const line: JsonSchema = {
  type: 'object',
  required: ['sku', 'quantity'],
  properties: {
    sku: { type: 'string', pattern: '^S', examples: ['SKU-1'] },
    quantity: { type: 'integer', minimum: 2 },
  },
};
const order: JsonSchema = {
  type: 'object',
  required: ['orderId', 'lines', 'urgent', 'kind', 'note'],
  properties: {
    orderId: { type: 'string', format: 'uuid' },
    lines: { type: 'array', minItems: 2, items: { $ref: 'line' } },
    urgent: { type: 'boolean' },
    kind: { enum: ['gift', 'loan'] },
    note: { type: 'string', minLength: 20 },
    later: { type: 'string' },
  },
};
const resolve = (schema: JsonSchema): JsonSchema => (schema['$ref'] === 'line' ? line : schema);

it('an example payload is the smallest that matches the schema', () => {
  expect(examplePayload(order, resolve, {})).toEqual({
    orderId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    lines: [
      { sku: 'SKU-1', quantity: 2 },
      { sku: 'SKU-1', quantity: 2 },
    ],
    urgent: true,
    kind: 'gift',
    note: expect.stringMatching(/^.{20,}$/),
  });
});

it('an example payload has the same value for a field name in all messages of a saga', () => {
  const values = {};
  const first = examplePayload(order, resolve, values);
  expect(examplePayload(order, resolve, values)).toEqual(first);
});

it('an example payload uses the values that it is given', () => {
  expect(examplePayload(order, resolve, { note: 'a given note' })).toMatchObject({
    note: 'a given note',
  });
});

it('a pattern without an example is an error with a remedy', () => {
  const schema = { type: 'object', required: ['sku'], properties: { sku: { type: 'string', pattern: '^S' } } };
  expect(() => examplePayload(schema, resolve, {})).toThrow(NoExampleError);
  expect(() => examplePayload(schema, resolve, {})).toThrow(/There is no example of sku.*--commands/);
});
