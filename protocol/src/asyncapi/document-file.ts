import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { repositoryRoot } from '../../../stack/src/repository';

type Document = Readonly<Record<string, unknown>>;

/** Where the generated document is kept, relative to the root of the repository. */
export const DOCUMENT = 'docs/asyncapi.yaml';

/** Where the documents of releases are kept whose services may still run. */
export const SHIPPED = 'protocol/shipped';

export const documentPath = join(repositoryRoot, DOCUMENT);

export function shippedPath(version: string): string {
  return join(repositoryRoot, SHIPPED, `${version}.yaml`);
}

/** The documents of the releases that this one must get along with, by version. */
export function shippedDocuments(): readonly (readonly [version: string, document: Document])[] {
  const files = readdirSync(join(repositoryRoot, SHIPPED)).filter((file) => file.endsWith('.yaml'));
  return files
    .map((file) => file.slice(0, -'.yaml'.length))
    .map((version) => [version, parse(readFileSync(shippedPath(version), 'utf8')) as Document]);
}

export function toYaml(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
