/*
 * What may import what. A rule takes files and names what breaks it, as `file → import`. Test code is held to less: it may
 * use the floors above its own, and what other libraries offer for tests.
 */
import * as ts from 'typescript';
import { importsOf, type Import, type Source } from './sources';

export type Rule = (sources: readonly Source[]) => readonly string[];

/** The floors of libs/saga/src, and under each the floors it may stand on. */
const FLOORS: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  definition: ['contract'],
  engine: ['contract', 'definition'],
  asyncapi: ['contract', 'definition'],
  messaging: ['contract'],
  http: ['contract', 'messaging'],
  orchestrator: ['contract', 'definition', 'engine', 'messaging'],
  participant: ['contract', 'messaging'],
  subscriber: ['contract', 'messaging', 'participant'],
  faults: ['contract', 'definition', 'messaging', 'http'],
  admin: ['contract', 'definition', 'engine', 'messaging', 'http', 'orchestrator'],
  testing: ['contract', 'definition', 'engine', 'participant'],
};

/** The pure floors, and the packages that each may use: they compute, and touch nothing. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  contract: [
    'ajv',
    'ajv-formats',
    'class-transformer',
    'class-validator',
    'class-validator-jsonschema',
    // For its digests; what rolls dice in it is among the impure names.
    'node:crypto',
    'reflect-metadata',
  ],
  definition: [],
  engine: [],
  asyncapi: [],
};

const IMPURE = [
  'process',
  'performance',
  'crypto',
  'fetch',
  'console',
  'Promise',
  'globalThis',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'randomBytes',
  'randomFill',
  'randomFillSync',
  'randomInt',
  'randomUUID',
];
const DOORS = [
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
const TOPICS = 'libs/saga/src/contract/topics.ts';
const TOPIC_NAME = /^(?!palinode\.).*\.(commands|events|dead-letters|acknowledgements)$|\.replies\b/;
/** The names where nobody gives any, for tests and for those who speak to such an orchestrator alone. */
const DEFAULT_TOPICS = [
  'ACKNOWLEDGEMENTS',
  'commandTopic',
  'DEAD_LETTERS',
  'eventTopic',
  'ORCHESTRATOR_COMMANDS',
  'replyTopic',
];
const ORCHESTRATOR_FLOORS = ['definition', 'engine', 'orchestrator', 'admin'];

/** A floor of the library imports only from floors under it. */
export const floors: Rule = (sources) => [
  ...sources
    .filter(({ path }) => path.startsWith('libs/saga/src/') && !(floorOf(path) in FLOORS))
    .map(({ path }) => `${path} is on no floor`),
  ...broken(sources, ({ from, to }) => {
    const floor = floorOf(from);
    const under = floorOf(to);
    return !isTest(from) && floor !== '' && under !== '' && floor !== under && !FLOORS[floor]?.includes(under);
  }),
];

/** The pure floors import no package but those named, so neither Nest nor node: modules. */
export const purePackages: Rule = (sources) =>
  broken(sources, ({ from, to, specifier }) => {
    const allowed = PURE[floorOf(from)];
    return !isTest(from) && to === undefined && allowed !== undefined && !allowed.includes(packageOf(specifier));
  });

/** The pure floors read no clock, roll no dice, wait for nothing. */
export const purity: Rule = (sources) =>
  sources
    .filter(({ path }) => floorOf(path) in PURE && !isTest(path))
    .flatMap(({ path, tree }) => impuritiesIn(tree).map((impurity) => `${path} → ${impurity}`));

/** No file imports itself by way of others. Types alone make no cycle: nothing of them is left at run time. */
export const noCycles: Rule = (sources) => {
  const next = new Map<string, string[]>();
  for (const { from, to, typeOnly } of importsOf(sources)) {
    if (to !== undefined && !typeOnly) next.set(from, [...(next.get(from) ?? []), to]);
  }
  return cyclesIn(next).map((cycle) => cycle.join(' → '));
};

/** An app imports no other app, and a library imports none. */
export const apps: Rule = (sources) =>
  broken(sources, ({ from, to }) => {
    const imported = houseOf(to);
    return imported.startsWith('apps/') && imported !== houseOf(from) && !isAround(from);
  });

/** Participants know nothing of how sagas are run. */
export const participants: Rule = (sources) =>
  broken(
    sources,
    ({ from, to }) =>
      houseOf(from).startsWith('apps/') &&
      houseOf(from) !== 'apps/orchestrator' &&
      ORCHESTRATOR_FLOORS.includes(floorOf(to)),
  );

/** Whoever uses the library from outside comes in by a door, and into other libraries by their name. */
export const doors: Rule = (sources) =>
  broken(sources, ({ from, to, specifier }) => {
    if (to === undefined || houseOf(to) === houseOf(from) || houseOf(to) === '') return false;
    if (isTest(from) && isTest(to)) return false;
    if (specifier.startsWith('.')) return to.startsWith('libs/');
    if (specifier.startsWith('@palinode/test-support/')) return false;
    return specifier.startsWith('@palinode/saga/')
      ? !DOORS.includes(specifier.slice('@palinode/saga/'.length))
      : specifier.split('/').length > 2;
  });

/** `stack/` holds programs that people start. What they share with tests and benches is in libs/test-support. */
export const programs: Rule = (sources) =>
  broken(sources, ({ from, to }) => houseOf(to) === 'stack' && houseOf(from) !== 'stack');

/** What runs in production imports nothing that is made for tests. */
export const noTestsInProduction: Rule = (sources) =>
  broken(sources, ({ from, to }) => {
    const forTests = to !== undefined && (isTest(to) || isTestKit(to));
    return forTests && !isTest(from) && !isTestKit(from) && !isAround(from);
  });

/** The names of topics are made in one file; elsewhere in production neither they nor their parts are written down. */
export const topicNames: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(apps|libs)\//.test(path) && !isTest(path) && path !== TOPICS && !isTestKit(path))
    .flatMap(({ path, tree }) => topicNamesIn(tree).map((name) => `${path} → ${name}`));

function broken(sources: readonly Source[], breaks: (each: Import) => boolean): readonly string[] {
  return importsOf(sources)
    .filter(breaks)
    .map(({ from, specifier }) => `${from} → ${specifier}`);
}

/** `engine` for a path in libs/saga/src/engine; empty elsewhere. */
function floorOf(path = ''): string {
  return /^libs\/saga\/src\/([^/]+)/.exec(path)?.[1] ?? '';
}

/** The app, the library or the folder around them that a path belongs to: `apps/order`, `libs/saga`, `stack`. */
function houseOf(path = ''): string {
  return /^(?:(?:apps|libs)\/[^/]+|stack|bench|protocol|examples|test)/.exec(path)?.[0] ?? '';
}

/** What stands around apps and libraries, and may start or measure them. */
function isAround(path: string): boolean {
  return ['stack', 'bench', 'protocol', 'examples', 'test'].includes(houseOf(path));
}

function isTest(path: string): boolean {
  return (
    /\.(spec|types|int-spec|e2e-spec)\.ts$/.test(path) ||
    /^(?:(?:apps|libs)\/[^/]+|protocol|bench)\/test\//.test(path) ||
    path.startsWith('libs/test-support/')
  );
}

/** The public test kit, which the library ships and production does not load. */
function isTestKit(path: string): boolean {
  return floorOf(path) === 'testing';
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function topicNamesIn(tree: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && TOPIC_NAME.test(node.text) && !isExample(node)) found.push(node.text);
    if (ts.isIdentifier(node) && DEFAULT_TOPICS.includes(node.text) && !ts.isExportSpecifier(node.parent))
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** What the documentation of the HTTP API shows. */
function isExample({ parent }: ts.Node): boolean {
  return ts.isPropertyAssignment(parent) && parent.name.getText() === 'example';
}

function impuritiesIn(tree: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const impurity = impurityOf(node);
    if (impurity !== undefined) found.push(impurity);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

function impurityOf(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) return 'new Date()';
  if (ts.isCallExpression(node) && node.expression.getText() === 'Date') return 'Date()';
  if (ts.isPropertyAccessExpression(node) && ['Date.now', 'Math.random'].includes(node.getText()))
    return node.getText();
  return ts.isIdentifier(node) && IMPURE.includes(node.text) && !isMerelyAName(node) ? node.text : undefined;
}

/** True for `it.process` and `{ process: … }`, which are names of something else. */
function isMerelyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
  );
}

/** Each cycle once, beginning and ending with the same file. */
function cyclesIn(next: ReadonlyMap<string, readonly string[]>): readonly string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const follow = (path: string, trail: readonly string[]): void => {
    const begun = trail.indexOf(path);
    if (begun >= 0) cycles.push([...trail.slice(begun), path]);
    if (begun >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) follow(to, [...trail, path]);
    done.add(path);
  };
  for (const path of next.keys()) follow(path, []);
  return cycles;
}
