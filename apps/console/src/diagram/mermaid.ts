import { cut } from './cut';
import type { DiagramItem } from './diagram-items';
import type { SagaHistory } from './history';
import { layOut, type Row } from './lay-out';

const MOST_PX = 560;

/** Writes the diagram of a saga as a Mermaid sequence diagram, with its runs folded. */
export function mermaidOf(saga: SagaHistory): string {
  const { lifelines, rows } = layOut(saga);
  return [
    'sequenceDiagram',
    ...lifelines.map(({ name }, n) => `  participant ${id(n)} as ${text(name)}`),
    ...rows.flatMap((row) => [...gapOf(row), ...row.items.map((item) => `  ${lineOf(item)}`)]),
  ].join('\n');
}

function gapOf({ gap }: Row): string[] {
  return gap?.label === undefined ? [] : [`  Note over ${id(1)}: ${text(`${gap.label} later`)}`];
}

function lineOf(item: DiagramItem): string {
  const label = text([item.symbol, item.label].filter((part) => part !== '').join(' '));
  if (item.kind === 'note') return `Note over ${id(item.at)}: ${label}`;
  return `${id(item.from)}${item.isDashed ? '-->>' : '->>'}${id(item.to)}: ${label}`;
}

function id(lifeline: number): string {
  return `L${lifeline}`;
}

/** Writes what has a meaning to Mermaid as an entity. */
function text(label: string): string {
  return cut(label, MOST_PX).replaceAll(
    /[^\p{L}\p{N} .,()/_*✓⊘✕↩⚡…-]/gu,
    (character) => `#${character.codePointAt(0)};`,
  );
}
