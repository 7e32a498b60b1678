/*
 * The import rules. A rule takes files and returns its violations as `file → import`. Test code has fewer restrictions: it
 * may import layers above its own, and the test support of other libraries.
 */
import * as ts from 'typescript';
import { importsOf, type Import, type Source } from './sources';

export type Rule = (sources: readonly Source[]) => readonly string[];

/** The layers of libs/saga/src, and the layers that each may import. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
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

/** The pure layers and the packages that each may import: they compute, without I/O. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  contract: [
    'ajv',
    'ajv-formats',
    'class-transformer',
    'class-validator',
    'class-validator-jsonschema',
    // For its digests; its random functions are among the impure names.
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
const TOPICS = 'libs/saga/src/contract/topics.ts';
const TOPIC_NAME = /^(?!palinode\.).*\.(commands|events|dead-letters|acknowledgements)$|\.replies\b/;
/** The default names, for tests and for clients of such an orchestrator only. */
const DEFAULT_TOPICS = [
  'ACKNOWLEDGEMENTS',
  'commandTopic',
  'DEAD_LETTERS',
  'eventTopic',
  'ORCHESTRATOR_COMMANDS',
  'replyTopic',
];
/** What faults are called in messages, and in stored states and histories. */
const FAULTS_ON_WIRE_AND_DISK = ['libs/saga/src/contract/carried.ts', 'libs/saga/src/orchestrator/stored-state.ts'];
/** Faults of another kind: why a saga is paused, and names of defaults. */
const OTHER_FAULTS = /engine-fault|default/gi;
const ORCHESTRATOR_LAYERS = ['definition', 'engine', 'orchestrator', 'admin'];

/** A layer of the library imports only layers below it. */
export const layers: Rule = (sources) => [
  ...sources
    .filter(({ path }) => path.startsWith('libs/saga/src/') && !(layerOf(path) in LAYERS))
    .map(({ path }) => `${path} belongs to no layer`),
  ...broken(sources, ({ from, to }) => {
    const layer = layerOf(from);
    const under = layerOf(to);
    return !isTest(from) && layer !== '' && under !== '' && layer !== under && !LAYERS[layer]?.includes(under);
  }),
];

/** The pure layers import no package except those listed, so neither Nest nor node: modules. */
export const purePackages: Rule = (sources) =>
  broken(sources, ({ from, to, specifier }) => {
    const allowed = PURE[layerOf(from)];
    return !isTest(from) && to === undefined && allowed !== undefined && !allowed.includes(packageOf(specifier));
  });

/** The pure layers use no clock and no randomness, and do not wait. */
export const purity: Rule = (sources) =>
  sources
    .filter(({ path }) => layerOf(path) in PURE && !isTest(path))
    .flatMap(({ path, tree }) => impuritiesIn(tree).map((impurity) => `${path} → ${impurity}`));

/** No file imports itself through other files. Type-only imports do not count, because they vanish at run time. */
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
    const imported = projectOf(to);
    return imported.startsWith('apps/') && imported !== projectOf(from) && !isOutsideProjects(from);
  });

/** Participants do not import the orchestrator. */
export const participants: Rule = (sources) =>
  broken(
    sources,
    ({ from, to }) =>
      projectOf(from).startsWith('apps/') &&
      projectOf(from) !== 'apps/orchestrator' &&
      ORCHESTRATOR_LAYERS.includes(layerOf(to)),
  );

/** Code outside the library imports its entry points, and other libraries by their package name. */
export const entryPoints: Rule = (sources) =>
  broken(sources, ({ from, to, specifier }) => {
    if (to === undefined || projectOf(to) === projectOf(from) || projectOf(to) === '') return false;
    if (isTest(from) && isTest(to)) return false;
    if (specifier.startsWith('.')) return to.startsWith('libs/');
    if (specifier.startsWith('@palinode/test-support/')) return false;
    return specifier.startsWith('@palinode/saga/')
      ? !ENTRY_POINTS.includes(specifier.slice('@palinode/saga/'.length))
      : specifier.split('/').length > 2;
  });

/** `stack/` holds programs that people start. Code shared with tests and benches is in libs/test-support. */
export const programs: Rule = (sources) =>
  broken(sources, ({ from, to }) => projectOf(to) === 'stack' && projectOf(from) !== 'stack');

/** Production code imports no test code. */
export const noTestsInProduction: Rule = (sources) =>
  broken(sources, ({ from, to }) => {
    const forTests = to !== undefined && (isTest(to) || isTestKit(to));
    return forTests && !isTest(from) && !isTestKit(from) && !isOutsideProjects(from);
  });

/** One file builds topic names; other production code contains neither the names nor parts of them. */
export const topicNames: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(apps|libs)\//.test(path) && !isTest(path) && path !== TOPICS && !isTestKit(path))
    .flatMap(({ path, tree }) => topicNamesIn(tree).map((name) => `${path} → ${name}`));

/** Faults on demand are hooked in: outside their layer the library's code does not name them. */
export const faults: Rule = (sources) =>
  sources
    .filter(({ path }) => layerOf(path) !== '' && layerOf(path) !== 'faults' && !isTest(path))
    .filter(({ path }) => !FAULTS_ON_WIRE_AND_DISK.includes(path))
    .flatMap(({ path, tree }) => faultsIn(tree).map((name) => `${path} → ${name}`));

function broken(sources: readonly Source[], breaks: (each: Import) => boolean): readonly string[] {
  return importsOf(sources)
    .filter(breaks)
    .map(({ from, specifier }) => `${from} → ${specifier}`);
}

/** `engine` for a path in libs/saga/src/engine; empty elsewhere. */
function layerOf(path = ''): string {
  return /^libs\/saga\/src\/([^/]+)/.exec(path)?.[1] ?? '';
}

/** The app, the library or the top-level folder that a path belongs to: `apps/order`, `libs/saga`, `stack`. */
function projectOf(path = ''): string {
  return /^(?:(?:apps|libs)\/[^/]+|stack|bench|protocol|examples|test)/.exec(path)?.[0] ?? '';
}

/** The folders outside apps and libraries, which may start or measure them. */
function isOutsideProjects(path: string): boolean {
  return ['stack', 'bench', 'protocol', 'examples', 'test'].includes(projectOf(path));
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
  return layerOf(path) === 'testing';
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

/** Identifiers and texts; comments may name faults as an example. */
function faultsIn(tree: ts.SourceFile): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if ((isText || ts.isIdentifier(node)) && /fault/i.test(node.text.replace(OTHER_FAULTS, ''))) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Examples in the documentation of the HTTP API. */
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

/** True for `it.process` and `{ process: … }`, which are property names. */
function isMerelyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ((ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent)) && parent.name === node)
  );
}

/** Each cycle once, starting and ending with the same file. */
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
