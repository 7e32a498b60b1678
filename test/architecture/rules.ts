/*
 * Rules about what is in a file. Those about what it imports are in .dependency-cruiser.js. A rule takes files and returns its
 * violations as `file → what breaks the rule`.
 */
import * as ts from 'typescript';
import type { Source } from './sources';

export type Rule = (sources: readonly Source[]) => readonly string[];

/** The layers of libs/saga/src that compute, without I/O. */
const PURE = ['contract', 'definition', 'engine', 'asyncapi', 'deduplication'];

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
/**
 * What faults are called in messages, in stored states and histories, in the codes of diagnoses, in the operator log, in
 * the events of the live stream, and in the list of locks of a database.
 */
const FAULTS_ON_WIRE_AND_DISK = [
  'libs/saga/src/contract/carried.ts',
  'libs/saga/src/store/stored-state.ts',
  'libs/saga/src/diagnosis/diagnosis.ts',
  'libs/saga/src/messaging/advisory-locks.ts',
  'libs/saga/src/operator-log/append-action.ts',
  'libs/saga/src/admin/operator-action-reader.ts',
  'libs/saga/src/admin/operator-action.view.ts',
  'libs/saga/src/admin/operator-actions.query.ts',
  'libs/saga/src/admin/stream/change-views.ts',
  'libs/saga/src/admin/stream/stream-events.ts',
  'libs/saga/src/admin/stream/stream.view.ts',
];
/** Faults of another kind: why a saga is paused, and names of defaults. */
const OTHER_FAULTS = /engine-fault|default/gi;

/** The pure layers use no clock and no randomness, and do not wait. */
export const purity: Rule = (sources) =>
  sources
    .filter(({ path }) => PURE.includes(layerOf(path)) && !isTest(path))
    .flatMap(({ path, tree }) => impuritiesIn(tree).map((impurity) => `${path} → ${impurity}`));

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

/** `engine` for a path in libs/saga/src/engine; empty elsewhere. */
function layerOf(path = ''): string {
  return /^libs\/saga\/src\/([^/]+)/.exec(path)?.[1] ?? '';
}

export function isTest(path: string): boolean {
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
