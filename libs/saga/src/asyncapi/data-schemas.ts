import { schemaOf, type Class, type JsonSchema } from '../contract';

/** Schemas by name among the document's components. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

/** Returns the schemas of a class: its own under the name, those of nested classes under `<name>.<Class>`. */
export function dataSchemas(name: string, type: Class<object>): Schemas {
  const { definitions, ...own } = schemaOf(type);
  const nested = Object.entries((definitions ?? {}) as Schemas);
  return Object.fromEntries(
    [[name, own] as const, ...nested.map(([child, schema]) => [`${name}.${child}`, schema] as const)].map(
      ([each, schema]) => [each, within(name, schema) as JsonSchema],
    ),
  );
}

export function schemaRef(name: string): JsonSchema {
  return { $ref: `${COMPONENT}${name}` };
}

const COMPONENT = '#/components/schemas/';
const DEFINITION = '#/definitions/';

/** Returns the same schema with references to the document's components. */
function within(name: string, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((each) => within(name, each));
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' ? String(value).replace(DEFINITION, `${COMPONENT}${name}.`) : within(name, value),
    ]),
  );
}
