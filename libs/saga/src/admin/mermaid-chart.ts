/** The shape of a node: its opening and its closing bracket. */
const SHAPES = {
  box: ['[', ']'],
  round: ['(', ')'],
  stadium: ['([', '])'],
  hexagon: ['{{', '}}'],
  flag: ['>', ']'],
  framed: ['[[', ']]'],
} as const;

export type Shape = keyof typeof SHAPES;

/** Builds the text of a Mermaid flowchart from nodes and edges. Ids must not be words of Mermaid, such as `end`. */
export class MermaidChart<Style extends string> {
  private readonly lines: string[] = [];
  private readonly styled = new Map<Style, string[]>();

  constructor(private readonly styles: Readonly<Record<Style, string>>) {}

  node(id: string, shape: Shape, label: readonly string[], ...styles: Style[]): void {
    const [open, close] = SHAPES[shape];
    this.lines.push(`${id}${open}"${label.map(escaped).join('<br/>')}"${close}`);
    for (const style of styles) this.styled.set(style, [...(this.styled.get(style) ?? []), id]);
  }

  /** Adds an edge from each to each. */
  edge(from: readonly string[], arrow: '-->' | '-.->', to: readonly string[]): void {
    this.lines.push(`${from.join(' & ')} ${arrow} ${to.join(' & ')}`);
  }

  toString(): string {
    const classes = [...this.styled].flatMap(([style, ids]) => [
      `classDef ${style} ${this.styles[style]}`,
      `class ${ids.join(',')} ${style}`,
    ]);
    return ['flowchart LR', ...[...this.lines, ...classes].map((line) => `  ${line}`)].join('\n');
  }
}

/** Writes the character as an entity, so that it cannot end the label. */
function escaped(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:;/()+*_-]/gu, (character) => `#${character.codePointAt(0)};`);
}
