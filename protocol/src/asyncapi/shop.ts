import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@palinode/contracts';
import { asyncApiOf } from '@palinode/saga/asyncapi';
import type { CommandContract } from '@palinode/saga/contract';
import { definitions } from '../../../apps/orchestrator/src/definitions';
import { repositoryRoot } from '../../../stack/src/repository';

/** The AsyncAPI document of the shop, made of all that its contracts and definitions export. */
export function shopDocument(): Readonly<Record<string, unknown>> {
  return asyncApiOf({
    title: 'Palinode shop',
    version: shopVersion(),
    description:
      'The messages of the shop: who sends what on which topic. How to take part is in docs/protocol.md. ' +
      'Made by `npm run asyncapi` from the contracts and the saga definitions.',
    definitions,
    commands: commandsIn(contracts),
  });
}

/** The version that the shop would be released with. */
export function shopVersion(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function commandsIn(exported: Readonly<Record<string, unknown>>): readonly CommandContract[] {
  return Object.values(exported)
    .filter(
      (each): each is CommandContract =>
        typeof each === 'object' && each !== null && 'service' in each && 'refusals' in each,
    )
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}
