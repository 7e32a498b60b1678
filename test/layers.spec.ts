/* Tests each rule on small examples that break it, then applies it to this repository. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dependenciesIn, FOLDERS, type Dependencies } from './architecture/dependencies';
import { folderCycles } from './architecture/folder-cycles';
import { faults, isTest, purity, topicNames, type Rule } from './architecture/rules';
import { readSources, source } from './architecture/sources';

const ROOT = join(__dirname, '..');

/** For each rule about imports: the files that break it, what they import, and the file that this leads to. */
const REFUSED: Readonly<Record<string, readonly (readonly [path: string, text: string, to: string])[]>> = {
  'a-layer-imports-only-layers-below-it': [
    ['libs/saga/src/engine/a.ts', "import '../messaging';", 'libs/saga/src/messaging/index.ts'],
    ['libs/saga/src/contract/a.ts', "export { x } from '../definition';", 'libs/saga/src/definition/index.ts'],
    ['libs/saga/src/participant/a.ts', "import type { X } from '../engine';", 'libs/saga/src/engine/index.ts'],
    ['libs/saga/src/messaging/kafka/a.ts', "import '../../engine';", 'libs/saga/src/engine/index.ts'],
    ['libs/saga/src/orchestrator/a.ts', "void import('../admin');", 'libs/saga/src/admin/index.ts'],
    ['libs/saga/src/faults/a.ts', "type X = import('../participant').X;", 'libs/saga/src/participant/index.ts'],
    ['libs/saga/src/engine/b.ts', "import '@palinode/saga/orchestrator';", 'libs/saga/src/orchestrator/index.ts'],
    ['libs/saga/src/testing/a.ts', "import '../admin';", 'libs/saga/src/admin/index.ts'],
    ['libs/saga/src/cellar/a.ts', "import './b';", 'libs/saga/src/cellar/b.ts'],
  ],
  'a-layer-imports-another-by-its-index': [
    ['libs/saga/src/admin/a.ts', "import '../store/x';", 'libs/saga/src/store/x.ts'],
    ['libs/saga/src/subscriber/a.ts', "import type { X } from '../handlers/x';", 'libs/saga/src/handlers/x.ts'],
  ],
  'a-pure-layer-imports-no-package-with-side-effects': [
    ['libs/saga/src/engine/c.ts', "import 'node:crypto';", 'crypto'],
    ['libs/saga/src/definition/a.ts', "import '@nestjs/common';", '@nestjs/common'],
    ['libs/saga/src/contract/b.ts', "const x = require('pg');", 'pg'],
  ],
  'an-app-is-imported-by-no-other-project': [
    ['apps/order/src/a.ts', "import '../../payment/src/x';", 'apps/payment/src/x.ts'],
    ['libs/contracts/src/a.ts', "import '../../../apps/payment/src/x';", 'apps/payment/src/x.ts'],
  ],
  'a-participant-does-not-import-the-orchestrator': [
    ['apps/order/src/b.ts', "import '@palinode/saga/orchestrator';", 'libs/saga/src/orchestrator/index.ts'],
    ['apps/payment/src/a.spec.ts', "import '@palinode/saga/admin';", 'libs/saga/src/admin/index.ts'],
  ],
  'a-library-is-imported-by-its-entry-points': [
    ['apps/orchestrator/src/a.ts', "import '@palinode/saga/engine';", 'libs/saga/src/engine/index.ts'],
    ['apps/order/src/c.ts', "import '@palinode/saga/contract/x';", 'libs/saga/src/contract/x.ts'],
    ['apps/order/src/h.ts', "import '@palinode/saga/internal';", 'libs/saga/src/internal/index.ts'],
    ['bench/src/d.ts', "import '@palinode/saga/engine';", 'libs/saga/src/engine/index.ts'],
    ['libs/service/src/a.ts', "import '../../contracts/src/x';", 'libs/contracts/src/x.ts'],
  ],
  'a-library-is-imported-by-its-package-name': [
    ['libs/service/src/b.ts', "import '../../saga/src/contract';", 'libs/saga/src/contract/index.ts'],
    ['bench/src/a.ts', "import '../../libs/test-support/src/x';", 'libs/test-support/src/x.ts'],
  ],
  'stack-holds-programs-that-nothing-imports': [
    ['test/end-to-end/a.e2e-spec.ts', "import '../../stack/src/x';", 'stack/src/x.ts'],
    ['bench/src/b.ts', "import '../../stack/src/x';", 'stack/src/x.ts'],
  ],
  'production-code-imports-no-test-code': [
    ['libs/service/src/c.ts', "import '../test/x';", 'libs/service/test/x.ts'],
    ['apps/order/src/d.ts', "import '@palinode/test-support/x';", 'libs/test-support/src/x.ts'],
    ['apps/order/src/e.ts', "import '@palinode/saga/testing';", 'libs/saga/src/testing/index.ts'],
  ],
  'webhooks-are-out-of-the-way-of-sagas': [
    ['apps/order/src/placing/a.ts', "import '../webhooks/x';", 'apps/order/src/webhooks/x.ts'],
  ],
  'no-file-imports-itself-through-others': [['libs/service/src/one.ts', "import './two';", 'libs/service/src/two.ts']],
};

const ALLOWED: Readonly<Record<string, string>> = {
  // The other half of a cycle, which is reported once.
  'libs/service/src/two.ts': "import type { X } from './one';",
  'libs/saga/src/admin/b.ts': "import '../orchestrator'; import '../engine';",
  'libs/saga/src/testing/b.ts': "import '../deduplication'; import '../engine';",
  'libs/saga/src/engine/a.spec.ts': "import '../testing/x'; import 'fast-check';",
  'libs/saga/src/messaging/kafka/b.ts': "import '../x'; import '../../contract'; import 'kafkajs';",
  'libs/saga/src/contract/c.ts': "import 'node:crypto'; import 'class-transformer/cjs/storage';",
  'apps/order/src/f.ts': "import './g'; import '@palinode/contracts'; import '@palinode/saga/participant';",
  'apps/order/src/order.module.ts': "import './webhooks/x';",
  'apps/order/src/a.int-spec.ts': "import '../../../libs/service/test/x'; import '@palinode/saga/testing';",
  'apps/orchestrator/src/b.ts': "import '@palinode/saga/orchestrator';",
  'bench/src/c.ts': "import '@palinode/test-support/x'; import '@palinode/saga/internal';",
  'test/end-to-end/b.e2e-spec.ts': "import '../../apps/order/src/g';",
  'stack/src/a.ts': "import './x';",
};

const EXAMPLES = Object.entries(REFUSED).flatMap(([rule, examples]) =>
  examples.map(([path, text, to]) => ({ rule, path, text, to })),
);

/** The files that the examples import. */
const IMPORTED = [
  ...EXAMPLES.map(({ to }) => to).filter((to) => to.endsWith('.ts')),
  ...['deduplication', 'definition'].map((layer) => `libs/saga/src/${layer}/index.ts`),
  'libs/saga/src/messaging/x.ts',
  'libs/saga/src/testing/x.ts',
  'libs/contracts/src/index.ts',
  'apps/order/src/g.ts',
];

/** Writes the examples, and empty files for all that they import, where the packages of this repository are found. */
function writeExamples(): string {
  mkdirSync(join(ROOT, '.palinode'), { recursive: true });
  const directory = mkdtempSync(join(ROOT, '.palinode/import-rules-'));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  };
  write('tsconfig.json', readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  for (const folder of FOLDERS) mkdirSync(join(directory, folder), { recursive: true });
  for (const path of IMPORTED) write(path, '');
  for (const { path, text } of EXAMPLES) write(path, text);
  for (const [path, text] of Object.entries(ALLOWED)) write(path, text);
  return directory;
}

describe('the rules about imports', () => {
  let directory: string;
  let examples: Dependencies;

  beforeAll(async () => {
    directory = writeExamples();
    examples = await dependenciesIn(directory);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(EXAMPLES)('report under $rule that $path imports $to', ({ rule, path, to }) => {
    expect(examples.violations).toContain(`${rule}: ${path} → ${to}`);
  });

  it('report nothing else in the examples', () => {
    const refused = new Set(EXAMPLES.map(({ path }) => path));
    expect(examples.violations.filter((violation) => !refused.has(importerIn(violation)))).toEqual([]);
  });
});

function importerIn(violation: string): string {
  return /: (.*) → /.exec(violation)?.[1] ?? violation;
}

describe('the rule that no folder imports itself through others', () => {
  const dependency = (from: string, to: string): { from: string; to: string } => ({ from, to });

  it('reports two folders that import each other, by whatever files', () => {
    const dependencies = [
      dependency('apps/a/src/one/x.ts', 'apps/a/src/two/deep/y.ts'),
      dependency('apps/a/src/two/z.ts', 'apps/a/src/one/w.ts'),
    ];
    expect(folderCycles(dependencies)).toEqual(['apps/a/src/one → apps/a/src/two → apps/a/src/one']);
  });

  it('reports a file that imports a folder and is imported by it', () => {
    const dependencies = [
      dependency('apps/a/src/x.ts', 'apps/a/src/one/y.ts'),
      dependency('apps/a/src/one/z.ts', 'apps/a/src/x.ts'),
    ];
    expect(folderCycles(dependencies)).toEqual(['apps/a/src/x.ts → apps/a/src/one → apps/a/src/x.ts']);
  });

  it('allows a folder that uses files beside it, which its index uses too', () => {
    const dependencies = [
      dependency('libs/a/src/index.ts', 'libs/a/src/one/x.ts'),
      dependency('libs/a/src/index.ts', 'libs/a/src/y.ts'),
      dependency('libs/a/src/one/x.ts', 'libs/a/src/y.ts'),
    ];
    expect(folderCycles(dependencies)).toEqual([]);
  });
});

describe('this repository', () => {
  let repository: Dependencies;

  beforeAll(async () => {
    repository = await dependenciesIn(ROOT);
  });

  it('breaks no rule about imports', () => {
    expect(repository.violations).toEqual([]);
  });

  it('has no cycle between folders', () => {
    const production = repository.dependencies.filter(({ from, to }) => !isTest(from) && !isTest(to));
    expect(folderCycles(production)).toEqual([]);
  });

  it('is read whole, its type-only and dynamic imports included', () => {
    const read = new Set(repository.dependencies.map(({ from }) => from.split('/')[0]));
    expect(read).toEqual(new Set(FOLDERS));
  });
});

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

const sources = readSources(ROOT);

describe.each(rules)('the rule that $promise', ({ rule, refused, allowed }) => {
  it.each(refused)('reports %s with the content %j', (path, text, named) => {
    expect(check(rule, { [path]: text })).toEqual([named]);
  });

  it.each(allowed)('allows %s with the content %j', (path, text) => {
    expect(check(rule, { [path]: text })).toEqual([]);
  });

  it('finds no violation in this repository', () => {
    expect(rule(sources)).toEqual([]);
  });
});
