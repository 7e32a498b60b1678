/*
 * The import rules (https://github.com/sverweij/dependency-cruiser/blob/main/doc/rules-reference.md). test/layers.spec.ts tests
 * each on a file that breaks it, and applies all to this repository. Test code has fewer restrictions: it may import layers
 * above its own and files behind an entry point.
 */
const TEST = [
  '\\.(spec|types|int-spec|e2e-spec|node-test)\\.ts$',
  '^(apps/[^/]+|libs/[^/]+|protocol|bench)/test/',
  '^libs/(test|testing)-support/',
];
/** The public test kit, which the library ships and production does not load. */
const TEST_KIT = '^libs/saga/src/testing/';

/** The layers of libs/saga/src, and the layers that each may import. */
const LAYERS = {
  contract: [],
  definition: ['contract'],
  engine: ['contract', 'definition'],
  asyncapi: ['contract', 'definition'],
  messaging: ['contract'],
  http: ['contract', 'messaging'],
  deduplication: ['contract'],
  handlers: ['contract', 'messaging'],
  participant: ['contract', 'messaging', 'deduplication', 'handlers'],
  subscriber: ['contract', 'messaging', 'deduplication', 'handlers'],
  'operator-log': ['messaging'],
  'dead-letters': ['contract', 'messaging', 'operator-log'],
  holds: ['contract', 'definition', 'engine', 'messaging', 'operator-log'],
  diagnosis: ['contract', 'definition', 'engine', 'dead-letters', 'holds'],
  incidents: ['contract', 'definition', 'engine', 'messaging'],
  store: ['contract', 'definition', 'engine', 'messaging', 'operator-log', 'dead-letters', 'holds', 'incidents'],
  runner: ['contract', 'definition', 'engine', 'messaging', 'operator-log', 'holds', 'incidents', 'store'],
  'bulk-actions': [
    'contract',
    'definition',
    'engine',
    'messaging',
    'operator-log',
    'dead-letters',
    'holds',
    'store',
    'runner',
  ],
  orchestrator: [
    'contract',
    'definition',
    'engine',
    'messaging',
    'operator-log',
    'dead-letters',
    'holds',
    'store',
    'runner',
    'bulk-actions',
  ],
  admin: [
    'contract',
    'definition',
    'engine',
    'http',
    'messaging',
    'operator-log',
    'dead-letters',
    'holds',
    'diagnosis',
    'incidents',
    'store',
    'runner',
    'bulk-actions',
    'orchestrator',
  ],
  faults: ['contract', 'definition', 'messaging', 'http'],
  testing: ['contract', 'definition', 'engine', 'deduplication'],
  // For the benches and tests of this repository; the package does not export it.
  internal: ['contract', 'definition', 'engine', 'participant', 'store', 'runner', 'admin'],
};

/** The pure layers and the packages that each may import: they compute, without I/O. */
const PURE = {
  // Of node:crypto the digests; its random functions are among the impure names of test/architecture/rules.ts.
  contract: [
    'ajv',
    'ajv-formats',
    'class-transformer',
    'class-validator',
    'class-validator-jsonschema',
    'reflect-metadata',
  ],
  definition: [],
  engine: [],
  asyncapi: [],
  deduplication: [],
};

/** What a package outside the library may import. */
const ENTRY_POINTS = [
  'contract',
  'definition',
  'asyncapi',
  'orchestrator',
  'participant',
  'subscriber',
  'http',
  'admin',
  'faults',
  'testing',
];

/** What may import `@palinode/saga/internal`. */
const INTERNAL_USERS = ['^(bench|protocol|test)/', ...TEST];

const any = (names) => `(${names.join('|')})`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const layers = [
  {
    name: 'a-layer-imports-only-layers-below-it',
    from: { path: '^libs/saga/src/', pathNot: [`^libs/saga/src/${any(Object.keys(LAYERS))}/`, ...TEST] },
    to: {},
  },
  ...Object.entries(LAYERS).map(([layer, below]) => ({
    name: 'a-layer-imports-only-layers-below-it',
    from: { path: `^libs/saga/src/${layer}/`, pathNot: TEST },
    to: { path: '^libs/saga/src/', pathNot: `^libs/saga/src/${any([layer, ...below])}/` },
  })),
  {
    name: 'a-layer-imports-another-by-its-index',
    from: { path: '^libs/saga/src/([^/]+)/', pathNot: ['^libs/saga/src/internal/', ...TEST] },
    to: { path: '^libs/saga/src/', pathNot: ['^libs/saga/src/$1/', '^libs/saga/src/[^/]+/index\\.ts$'] },
  },
  ...Object.entries(PURE).map(([layer, packages]) => ({
    name: 'a-pure-layer-imports-no-package-with-side-effects',
    from: { path: `^libs/saga/src/${layer}/`, pathNot: TEST },
    to: {
      pathNot: [
        '^libs/saga/',
        `(^|/)node_modules/${any(['none', ...packages])}/`,
        ...(layer === 'contract' ? ['^crypto$'] : []),
      ],
    },
  })),
];

const projects = [
  {
    name: 'an-app-is-imported-by-no-other-project',
    from: { path: '^apps/([^/]+)/' },
    to: { path: '^apps/', pathNot: '^apps/$1/' },
  },
  { name: 'an-app-is-imported-by-no-other-project', from: { path: '^libs/' }, to: { path: '^apps/' } },
  {
    name: 'a-participant-does-not-import-the-orchestrator',
    from: { path: '^apps/', pathNot: '^apps/orchestrator/' },
    to: {
      path: `^libs/saga/src/${any(['definition', 'engine', 'dead-letters', 'holds', 'store', 'runner', 'orchestrator', 'admin'])}/`,
    },
  },
  {
    name: 'a-library-is-imported-by-its-entry-points',
    from: { pathNot: ['^libs/saga/', ...INTERNAL_USERS] },
    to: { path: '^libs/saga/src/', pathNot: `^libs/saga/src/${any(ENTRY_POINTS)}/index\\.ts$` },
  },
  {
    name: 'a-library-is-imported-by-its-entry-points',
    from: { path: INTERNAL_USERS, pathNot: '^libs/saga/' },
    to: {
      path: '^libs/saga/src/',
      pathNot: [`^libs/saga/src/${any(ENTRY_POINTS)}/index\\.ts$`, '^libs/saga/src/internal/'],
    },
  },
  ...['contracts', 'service', 'embedded-kafka'].map((library) => ({
    name: 'a-library-is-imported-by-its-entry-points',
    from: { pathNot: `^libs/${library}/` },
    to: { path: `^libs/${library}/src/`, pathNot: `^libs/${library}/src/index\\.ts$` },
  })),
  ...['saga', 'contracts', 'service', 'embedded-kafka', 'test-support', 'testing-support'].map((library) => ({
    name: 'a-library-is-imported-by-its-package-name',
    from: { pathNot: [`^libs/${library}/`, ...TEST] },
    to: { path: `^libs/${library}/`, dependencyTypesNot: ['aliased'] },
  })),
  {
    name: 'stack-holds-programs-that-nothing-imports',
    from: { pathNot: '^stack/' },
    to: { path: '^stack/' },
  },
  {
    name: 'production-code-imports-no-test-code',
    from: { path: '^(apps|libs)/', pathNot: [TEST_KIT, ...TEST] },
    to: { path: [TEST_KIT, ...TEST] },
  },
  {
    name: 'webhooks-are-out-of-the-way-of-sagas',
    comment: 'Webhooks are wired into the order service, and nothing else of it knows them.',
    from: {
      path: '^apps/order/src/',
      pathNot: ['^apps/order/src/webhooks/', '^apps/order/src/(order.module|main|database/migrations)\\.ts$', ...TEST],
    },
    to: { path: '^apps/order/src/webhooks/' },
  },
  {
    name: 'no-file-imports-itself-through-others',
    comment:
      'Type-only imports count: a reader follows them too. Cycles of folders are found by test/architecture/folder-cycles.ts.',
    from: {},
    to: { circular: true },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [...layers, ...projects].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(bench/peers|packages/create-palinode/template)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'tsc',
    moduleSystems: ['es6', 'cjs'],
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'types'] },
  },
};
