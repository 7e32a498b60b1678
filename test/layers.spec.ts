/* Tests each import rule on a small example that breaks it, then applies it to this repository. */
import { join } from 'node:path';
import {
  apps,
  entryPoints,
  faults,
  layers,
  noCycles,
  noTestsInProduction,
  participants,
  programs,
  purePackages,
  purity,
  topicNames,
  type Rule,
} from './architecture/rules';
import { readSources, source } from './architecture/sources';

type Tree = Readonly<Record<string, string>>;

const check = (rule: Rule, tree: Tree): readonly string[] =>
  rule(Object.entries(tree).map(([path, text]) => source(path, text)));

interface Examples {
  readonly promise: string;
  readonly rule: Rule;
  /** A file that breaks the rule, and the expected violation. */
  readonly refused: readonly (readonly [path: string, text: string, named: string])[];
  readonly allowed: readonly (readonly [path: string, text: string])[];
}

const rules: readonly Examples[] = [
  {
    promise: 'a layer of the library imports only from layers under it',
    rule: layers,
    refused: [
      ['libs/saga/src/engine/a.ts', "import { x } from '../messaging';", 'libs/saga/src/engine/a.ts → ../messaging'],
      [
        'libs/saga/src/contract/a.ts',
        "export { x } from '../definition';",
        'libs/saga/src/contract/a.ts → ../definition',
      ],
      [
        'libs/saga/src/participant/a.ts',
        "import type { X } from '../engine';",
        'libs/saga/src/participant/a.ts → ../engine',
      ],
      [
        'libs/saga/src/messaging/kafka/a.ts',
        "import { x } from '../../engine';",
        'libs/saga/src/messaging/kafka/a.ts → ../../engine',
      ],
      ['libs/saga/src/orchestrator/a.ts', "void import('../admin');", 'libs/saga/src/orchestrator/a.ts → ../admin'],
      [
        'libs/saga/src/faults/a.ts',
        "type X = import('../participant').X;",
        'libs/saga/src/faults/a.ts → ../participant',
      ],
      [
        'libs/saga/src/engine/a.ts',
        "import '@palinode/saga/orchestrator';",
        'libs/saga/src/engine/a.ts → @palinode/saga/orchestrator',
      ],
      ['libs/saga/src/testing/a.ts', "import { x } from '../admin';", 'libs/saga/src/testing/a.ts → ../admin'],
      ['libs/saga/src/cellar/a.ts', '', 'libs/saga/src/cellar/a.ts belongs to no layer'],
    ],
    allowed: [
      ['libs/saga/src/admin/a.ts', "import { x } from '../orchestrator'; import { y } from '../engine';"],
      ['libs/saga/src/testing/a.ts', "import { x } from '../participant'; import { y } from '../engine';"],
      ['libs/saga/src/engine/a.spec.ts', "import { sagaTest } from '../testing/saga-test';"],
      ['libs/saga/src/messaging/kafka/a.ts', "import { x } from '../transport'; import { y } from '../../contract';"],
    ],
  },
  {
    promise: 'the pure layers import no package with side effects',
    rule: purePackages,
    refused: [
      ['libs/saga/src/engine/a.ts', "import { x } from 'node:crypto';", 'libs/saga/src/engine/a.ts → node:crypto'],
      [
        'libs/saga/src/definition/a.ts',
        "import { x } from '@nestjs/common';",
        'libs/saga/src/definition/a.ts → @nestjs/common',
      ],
      ['libs/saga/src/contract/a.ts', "const x = require('pg');", 'libs/saga/src/contract/a.ts → pg'],
    ],
    allowed: [
      ['libs/saga/src/contract/a.ts', "import { hash } from 'node:crypto';"],
      ['libs/saga/src/contract/a.ts', "import { x } from 'class-transformer/cjs/storage';"],
      ['libs/saga/src/messaging/a.ts', "import { Kafka } from 'kafkajs';"],
      ['libs/saga/src/engine/a.spec.ts', "import * as fc from 'fast-check';"],
    ],
  },
  {
    promise: 'the pure layers read no clock, use no randomness and do not wait',
    rule: purity,
    refused: [
      ['libs/saga/src/engine/a.ts', 'const now = Date.now();', 'libs/saga/src/engine/a.ts → Date.now'],
      ['libs/saga/src/engine/a.ts', 'const now = new Date();', 'libs/saga/src/engine/a.ts → new Date()'],
      ['libs/saga/src/engine/a.ts', 'const now = new Date;', 'libs/saga/src/engine/a.ts → new Date()'],
      ['libs/saga/src/engine/a.ts', 'const now = Date();', 'libs/saga/src/engine/a.ts → Date()'],
      ['libs/saga/src/engine/a.ts', 'const random = Math.random();', 'libs/saga/src/engine/a.ts → Math.random'],
      ['libs/saga/src/contract/a.ts', 'const home = process.env.HOME;', 'libs/saga/src/contract/a.ts → process'],
      ['libs/saga/src/definition/a.ts', 'setTimeout(go, 1);', 'libs/saga/src/definition/a.ts → setTimeout'],
      ['libs/saga/src/engine/a.ts', 'async function go() {}', 'libs/saga/src/engine/a.ts → async'],
      ['libs/saga/src/engine/a.ts', 'const go = async () => 1;', 'libs/saga/src/engine/a.ts → async'],
    ],
    allowed: [
      ['libs/saga/src/engine/a.ts', 'const day = new Date(0); const later = it.process; // Date.now()'],
      ['libs/saga/src/messaging/a.ts', 'const now = Date.now();'],
    ],
  },
  {
    promise: 'an app imports no other app',
    rule: apps,
    refused: [
      ['apps/order/src/a.ts', "import { x } from '../../payment/src/b';", 'apps/order/src/a.ts → ../../payment/src/b'],
      [
        'libs/contracts/src/a.ts',
        "import { x } from '../../../apps/order/src/b';",
        'libs/contracts/src/a.ts → ../../../apps/order/src/b',
      ],
    ],
    allowed: [
      ['apps/order/src/a.ts', "import { x } from './b'; import { y } from '@palinode/contracts';"],
      ['test/end-to-end/a.e2e-spec.ts', "import { x } from '../../apps/order/src/b';"],
    ],
  },
  {
    promise: 'participants do not import the orchestrator',
    rule: participants,
    refused: [
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/saga/orchestrator';",
        'apps/order/src/a.ts → @palinode/saga/orchestrator',
      ],
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/saga/engine';",
        'apps/order/src/a.ts → @palinode/saga/engine',
      ],
      [
        'apps/payment/src/a.spec.ts',
        "import { x } from '@palinode/saga/admin';",
        'apps/payment/src/a.spec.ts → @palinode/saga/admin',
      ],
    ],
    allowed: [
      ['apps/order/src/a.ts', "import { x } from '@palinode/saga/participant';"],
      ['apps/orchestrator/src/a.ts', "import { x } from '@palinode/saga/orchestrator';"],
    ],
  },
  {
    promise: 'libraries are imported only through their entry points',
    rule: entryPoints,
    refused: [
      [
        'apps/orchestrator/src/a.ts',
        "import { x } from '@palinode/saga/engine';",
        'apps/orchestrator/src/a.ts → @palinode/saga/engine',
      ],
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/saga/contract/envelope';",
        'apps/order/src/a.ts → @palinode/saga/contract/envelope',
      ],
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/contracts/order';",
        'apps/order/src/a.ts → @palinode/contracts/order',
      ],
      [
        'libs/service/src/a.ts',
        "import { x } from '../../saga/src/contract';",
        'libs/service/src/a.ts → ../../saga/src/contract',
      ],
      [
        'bench/src/a.ts',
        "import { x } from '../../libs/saga/src/engine';",
        'bench/src/a.ts → ../../libs/saga/src/engine',
      ],
    ],
    allowed: [
      ['apps/order/src/a.ts', "import { x } from '@palinode/saga/contract'; import { y } from '@palinode/service';"],
      ['bench/src/a.ts', "import { x } from '@palinode/test-support/network/ports';"],
      ['apps/order/src/a.int-spec.ts', "import { x } from '../../../libs/saga/test/b';"],
    ],
  },
  {
    promise: 'no code imports the programs that people start',
    rule: programs,
    refused: [
      [
        'test/end-to-end/a.e2e-spec.ts',
        "import { x } from '../../stack/src/demo/b';",
        'test/end-to-end/a.e2e-spec.ts → ../../stack/src/demo/b',
      ],
      ['bench/src/a.ts', "import { x } from '../../stack/src/b';", 'bench/src/a.ts → ../../stack/src/b'],
    ],
    allowed: [['stack/src/demo/a.e2e-spec.ts', "import { x } from './b'; import { y } from '../c';"]],
  },
  {
    promise: 'production code imports no test code',
    rule: noTestsInProduction,
    refused: [
      ['libs/service/src/a.ts', "import { x } from '../test/b';", 'libs/service/src/a.ts → ../test/b'],
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/test-support/wait-until';",
        'apps/order/src/a.ts → @palinode/test-support/wait-until',
      ],
      [
        'apps/order/src/a.ts',
        "import { x } from '@palinode/saga/testing';",
        'apps/order/src/a.ts → @palinode/saga/testing',
      ],
    ],
    allowed: [
      ['libs/service/test/a.ts', "import { x } from './b';"],
      ['stack/src/a.ts', "import { x } from '@palinode/test-support/network/ports';"],
      ['apps/orchestrator/src/a.spec.ts', "import { sagaTest } from '@palinode/saga/testing';"],
    ],
  },
  {
    promise: 'only the layer of faults names faults',
    rule: faults,
    refused: [
      ['libs/saga/src/engine/a.ts', 'interface State { readonly fault?: string }', 'libs/saga/src/engine/a.ts → fault'],
      ['libs/saga/src/contract/a.ts', 'const a = envelope.sagafault;', 'libs/saga/src/contract/a.ts → sagafault'],
      [
        'libs/saga/src/definition/a.ts',
        "const a = event.kind === 'fault-struck';",
        'libs/saga/src/definition/a.ts → fault-struck',
      ],
      [
        'libs/saga/src/participant/index.ts',
        "export type { FaultsOptions } from './a';",
        'libs/saga/src/participant/index.ts → FaultsOptions',
      ],
      ['libs/saga/src/orchestrator/a.ts', 'const a = `fault ${b}`;', 'libs/saga/src/orchestrator/a.ts → fault '],
    ],
    allowed: [
      ['libs/saga/src/faults/a.ts', 'const fault = 1;'],
      ['libs/saga/src/engine/a.ts', "const reason = 'engine-fault'; const isDefault = 1; // a fault"],
      ['libs/saga/src/contract/carried.ts', "const names = ['sagafault'];"],
      ['libs/saga/src/engine/a.spec.ts', 'const fault = 1;'],
      ['apps/order/src/a.ts', 'const fault = 1;'],
    ],
  },
  {
    promise: 'the names of topics are built in one file',
    rule: topicNames,
    refused: [
      [
        'libs/saga/src/messaging/a.ts',
        "const a = 'saga.dead-letters';",
        'libs/saga/src/messaging/a.ts → saga.dead-letters',
      ],
      ['libs/saga/src/faults/a.ts', 'const a = `${b}.commands`;', 'libs/saga/src/faults/a.ts → .commands'],
      [
        'apps/order/src/a.ts',
        "const a = topic.startsWith('orchestrator.replies.');",
        'apps/order/src/a.ts → orchestrator.replies.',
      ],
      ['libs/saga/src/participant/a.ts', 'send(DEAD_LETTERS);', 'libs/saga/src/participant/a.ts → DEAD_LETTERS'],
    ],
    allowed: [
      ['libs/saga/src/contract/topics.ts', 'const a = `${b}.commands`;'],
      ['libs/saga/src/contract/index.ts', "export { DEAD_LETTERS } from './topics';"],
      ['libs/saga/src/admin/a.spec.ts', "const a = 'payment.commands';"],
      ['libs/saga/src/admin/a.ts', "const a = { example: 'payment.commands' };"],
      ['apps/order/src/a.ts', 'this.events.publish(tx, orderPlaced);'],
    ],
  },
];

const repository = readSources(join(__dirname, '..'));

describe.each(rules)('the rule that $promise', ({ rule, refused, allowed }) => {
  it.each(refused)('reports %s with the content %j', (path, text, named) => {
    expect(check(rule, { [path]: text })).toEqual([named]);
  });

  it.each(allowed)('allows %s with the content %j', (path, text) => {
    expect(check(rule, { [path]: text })).toEqual([]);
  });

  it('finds no violation in this repository', () => {
    expect(rule(repository)).toEqual([]);
  });
});

describe('the rule that no file imports itself through other files', () => {
  it('reports two files that import each other', () => {
    const tree = {
      'libs/a/src/one.ts': "import { two } from './two';",
      'libs/a/src/two.ts': "import { one } from './one';",
    };
    expect(check(noCycles, tree)).toEqual(['libs/a/src/one.ts → libs/a/src/two.ts → libs/a/src/one.ts']);
  });

  it('reports a cycle through an index and an alias', () => {
    const tree = {
      'libs/a/src/index.ts': "export { one } from './one';",
      'libs/a/src/one.ts': "import { two } from '@palinode/b';",
      'libs/b/src/index.ts': "import { one } from '@palinode/a';",
    };
    expect(check(noCycles, tree)).toHaveLength(1);
  });

  it('allows a cycle through a type import', () => {
    const tree = {
      'libs/a/src/one.ts': "import { two } from './two';",
      'libs/a/src/two.ts': "import { type One } from './one';",
    };
    expect(check(noCycles, tree)).toEqual([]);
  });

  it('allows two files that import a third', () => {
    const tree = {
      'libs/a/src/one.ts': "import './two'; import './three';",
      'libs/a/src/two.ts': "import './three';",
      'libs/a/src/three.ts': '',
    };
    expect(check(noCycles, tree)).toEqual([]);
  });

  it('finds no violation in this repository', () => {
    expect(noCycles(repository)).toEqual([]);
  });
});

it('the import rules read every top-level folder of the repository', () => {
  const projects = new Set(repository.map(({ path }) => path.split('/')[0]));
  expect(projects).toEqual(new Set(['apps', 'bench', 'examples', 'libs', 'protocol', 'stack', 'test']));
});
