import type { JsonSchema } from '@palinode/saga/contract';
import { v7 as uuidV7 } from 'uuid';

/** Values by the names of fields: one saga has one order id, whatever message it is in. */
export type Values = Record<string, unknown>;

/**
 * A payload that fits the schema. A field takes the value that is known under its name, else one from its schema's examples,
 * else the least that its rules allow; what is made up is known from then on. Throws for a field of which nothing is known.
 */
export function examplePayload(
  schema: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  values: Values,
): object {
  return example(schema, resolve, values, '') as object;
}

function example(
  reference: JsonSchema,
  resolve: (schema: JsonSchema) => JsonSchema,
  values: Values,
  field: string,
): unknown {
  const schema = resolve(reference);
  const told = schema['examples'];
  if (Array.isArray(told) && told.length > 0) return told[0];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['const'] !== undefined) return schema['const'];
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema, resolve, values);
    case 'array':
      return Array.from({ length: Math.max(1, Number(schema['minItems'] ?? 1)) }, () =>
        example((schema['items'] ?? {}) as JsonSchema, resolve, values, field),
      );
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 1);
    case 'boolean':
      return true;
    case 'string':
      return exampleText(schema, field);
    default:
      throw new NoExampleError(field);
  }
}

function exampleObject(schema: JsonSchema, resolve: (schema: JsonSchema) => JsonSchema, values: Values): object {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>;
  const required = (schema['required'] ?? []) as string[];
  const made: Record<string, unknown> = {};
  for (const name of required) {
    values[name] ??= example(properties[name] ?? {}, resolve, values, name);
    made[name] = values[name];
  }
  return made;
}

function exampleText({ format, pattern, minLength }: JsonSchema, field: string): string {
  if (format === 'uuid') return uuidV7();
  if (format === 'date-time') return new Date().toISOString();
  if (format === 'date') return new Date().toISOString().slice(0, 10);
  if (format === 'email') return 'somebody@example.org';
  if (format === 'uri') return 'https://example.org/';
  if (pattern !== undefined || format !== undefined) throw new NoExampleError(field);
  return 'conformance'.padEnd(Number(minLength ?? 0), '.');
}

/** Nothing says what a field could hold. */
export class NoExampleError extends Error {
  override readonly name = 'NoExampleError';

  constructor(field: string) {
    super(
      `No example of ${field} is known; give its schema one (examples), or name a value in a file: --commands FILE.`,
    );
  }
}
