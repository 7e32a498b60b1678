import { join } from 'node:path';
import { stringify } from 'yaml';
import { repositoryRoot } from '../../../stack/src/repository';

/** Where the generated document is kept, relative to the root of the repository. */
export const DOCUMENT = 'docs/asyncapi.yaml';

export const documentPath = join(repositoryRoot, DOCUMENT);

export function toYaml(document: Readonly<Record<string, unknown>>): string {
  return stringify(document, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true });
}
