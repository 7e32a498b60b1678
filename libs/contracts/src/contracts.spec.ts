import { schemaOf, violations, type JsonSchema } from '@palinode/saga/contract';
import { canonicalData } from '@palinode/saga/internal/contract';
import * as shop from '.';
import { authorizePayment, placeOrder, reserveStock } from '.';

const orderId = '0190a7d4-0000-7000-8000-000000000000';

describe('the contracts', () => {
  it('declares the refusals that a service may answer with', () => {
    expect(reserveStock.refusals).toEqual(['out-of-stock', 'unknown-sku']);
    expect(authorizePayment.refusals).toEqual(['card-declined', 'insufficient-funds']);
  });

  it('describes contracts in self-contained JSON Schemas', () => {
    expect(JSON.stringify(schemaOf(placeOrder.input))).not.toContain('#/components');
  });

  it.each([
    ['lines', { orderId, lines: [] }],
    ['lines[0].quantity', { orderId, lines: [{ sku: 'SKU-1', quantity: -1 }] }],
    ['lines[0].sku', { orderId, lines: [{ sku: 'sku\u0000', quantity: 1 }] }],
    ['orderId', { orderId: '42', lines: [{ sku: 'SKU-1', quantity: 1 }] }],
  ])('rejects a reservation with an invalid %s', (field, payload) => {
    expect(violations(reserveStock.payload, payload)).toEqual([expect.objectContaining({ field })]);
  });

  it.each(classesWithIds())('reads the UUIDs of %s in capitals as in lower case', (_name, type) => {
    const capitals = JSON.stringify(idsOf(schemaOf(type), orderId.toUpperCase()));
    expect(capitals).toContain(orderId.toUpperCase());
    expect(canonicalData(type, JSON.parse(capitals))).toEqual(idsOf(schemaOf(type), orderId));
  });
});

type Declared = Parameters<typeof schemaOf>[0];

/** Every class with UUIDs in the contracts, at any depth. */
function classesWithIds(): [string, Declared][] {
  const classes = Object.values(shop).flatMap((contract) => {
    if (typeof contract !== 'object') return [];
    const { payload, reply, input } = contract as Partial<Record<'payload' | 'reply' | 'input', Declared>>;
    return [payload, reply, input].filter((each) => each !== undefined);
  });
  const found = [...new Set(classes)].filter((type) => JSON.stringify(schemaOf(type)).includes('"uuid"'));
  if (found.length < 20) throw new Error(`Only ${found.length} classes with UUIDs were found.`);
  return found.map((type) => [type.name, type]);
}

/** The part of a schema that concerns UUIDs. */
function idsOf(schema: JsonSchema, id: string, root = schema): unknown {
  const {
    $ref: ref,
    format,
    items,
    properties,
  } = schema as {
    $ref?: string;
    format?: string;
    items?: JsonSchema;
    properties?: Record<string, JsonSchema>;
  };
  if (ref !== undefined) {
    const definitions = root['definitions'] as Record<string, JsonSchema>;
    return idsOf(definitions[ref.slice('#/definitions/'.length)] ?? {}, id, root);
  }
  if (format === 'uuid') return id;
  if (items !== undefined) return [idsOf(items, id, root)];
  if (properties === undefined) return undefined;
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, idsOf(each, id, root)]));
}
