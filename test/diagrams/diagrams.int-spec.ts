/*
 * Mermaid accepts every diagram in the documents and of the shop. Drawings of arbitrary definitions are tested beside
 * the code.
 */
import { flowchartOf } from '@palinode/saga/internal';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { placeOrderSaga } from '../../apps/orchestrator/src/place-order';
import { mermaidProblems } from './mermaid-problems';

const root = join(__dirname, '../..');
const BLOCK = /^```mermaid\n([\s\S]*?)^```$/gm;

function documents(): string[] {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`);
  return ['README.md', ...pages.filter((path) => path.endsWith('.md'))];
}

it('accepts a valid Mermaid diagram and rejects invalid ones', async () => {
  const [right, wrong, unquoted] = await mermaidProblems([
    'flowchart LR\n  a["x<br/>y"] -.-> b',
    'flowchart LR\n  a --> --> b',
    'flowchart LR\n  a["x"y"]',
  ]);
  expect(right).toBeNull();
  expect(wrong).toContain('Parse error');
  expect(unquoted).toContain('Parse error');
});

it('finds only valid Mermaid diagrams in the documents and the shop', async () => {
  const texts = documents().flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(BLOCK)].map(([, text = '']) => text),
  );
  expect(texts.length).toBeGreaterThanOrEqual(4);
  const problems = await mermaidProblems([...texts, flowchartOf(placeOrderSaga)]);
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});
