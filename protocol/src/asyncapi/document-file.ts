import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { repositoryRoot } from '@palinode/test-support/repository';
import { loyaltyDocument } from '../loyalty/document';
import { shopDocument } from './shop';

type Document = Readonly<Record<string, unknown>>;

/** A generated document, and its path relative to the root of the repository. */
export interface DocumentFile {
  readonly file: string;
  readonly make: () => Document;
}

export const SHOP: DocumentFile = { file: 'docs/asyncapi.yaml', make: shopDocument };

export const documentFiles: readonly DocumentFile[] = [
  SHOP,
  { file: 'examples/python-participant/asyncapi.yaml', make: loyaltyDocument },
];

/** The directory of the documents of releases whose services may still run. */
export const SHIPPED = 'protocol/shipped';

export function pathOf(file: string): string {
  return join(repositoryRoot, file);
}

export function shippedFile(version: string): string {
  return `${SHIPPED}/${version}.yaml`;
}

/** The documents of the releases that this one must be compatible with, by version. */
export function shippedDocuments(): readonly (readonly [version: string, document: Document])[] {
  return readdirSync(pathOf(SHIPPED))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .map((version) => [version, parse(readFileSync(pathOf(shippedFile(version)), 'utf8')) as Document]);
}

export function toYaml(document: Document): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
