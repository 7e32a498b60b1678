import type { JsonSchema } from '@palinode/saga/contract';
import { v7 as uuidV7 } from 'uuid';

/** Values by field name: all messages of a saga have the same order id. */
export type Values = Record<string, unknown>;

/**
 * Creates a payload that matches the schema. A field gets the known value of its name, else one of its schema's
 * examples, else the smallest permitted value; a generated value becomes the known value. Throws for a field without
 * any of these.
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
  const examples = schema['examples'];
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
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

/** No value for a field can be derived. */
export class NoExampleError extends Error {
  override readonly name = 'NoExampleError';

  constructor(field: string) {
    super(
      `There is no example of ${field}; add one to its schema (examples), or give a value in a file: --commands FILE.`,
    );
  }
}
