import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as contracts from '@palinode/contracts';
import { asyncApiOf } from '@palinode/saga/asyncapi';
import { holdEvents, lifecycleEvents, type CommandContract, type EventContract } from '@palinode/saga/contract';
import { definitions } from '../../../apps/orchestrator/src/definitions';
import { repositoryRoot } from '@palinode/test-support/repository';

/** The definitions of the shop, and all exports of its contracts. */
export const shop = {
  definitions,
  commands: exportedBy(contracts, isCommand),
  events: [...exportedBy(contracts, isEvent), ...lifecycleEvents, ...holdEvents],
};

/** The AsyncAPI document of the shop. */
export function shopDocument(): Readonly<Record<string, unknown>> {
  return asyncApiOf({
    ...shop,
    title: 'Palinode shop',
    version: shopVersion(),
    description:
      'The messages of the shop: who sends what on which topic. How to take part is in docs/protocol.md. ' +
      'Made by `npm run asyncapi` from the contracts and the saga definitions.',
  });
}

/** The version of the next release of the shop. */
export function shopVersion(): string {
  const { version } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function exportedBy<Contract extends { readonly type: string }>(
  exported: Readonly<Record<string, unknown>>,
  isOne: (each: object) => each is Contract,
): readonly Contract[] {
  return Object.values(exported)
    .filter((each) => typeof each === 'object' && each !== null)
    .filter(isOne)
    .toSorted((a, b) => (a.type < b.type ? -1 : 1));
}

function isCommand(each: object): each is CommandContract {
  return 'service' in each && 'refusals' in each;
}

function isEvent(each: object): each is EventContract {
  return 'service' in each && 'subject' in each;
}
