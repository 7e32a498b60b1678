/*
 * Code in the documents is taken from sources that are compiled and tested. The first line of a block of TypeScript
 * names the source, and a region of it where the block shows only a part:
 *
 *     // examples/hotel/src/book-stay.ts
 *     // examples/hotel/src/booking/groups.ts#answer
 *
 * In the source, a region lies between the lines `// #region answer` and `// #endregion`. These lines are not shown.
 */

const BLOCK = /^```ts\n(?<named>\/\/ (?<path>[\w./-]+\.ts)(?:#(?<region>[\w-]+))?)\n[^]*?^```$/gm;
const MARKER = /^ *\/\/ #(region [\w-]+|endregion)\n/gm;

/**
 * Returns the page with the code of each block that names a source as it is there now.
 *
 * @throws when a source, or a region of it, does not exist.
 */
export function withExcerpts(markdown: string, sourceAt: (path: string) => string | undefined): string {
  return markdown.replaceAll(BLOCK, (...matched) => {
    const { named, path, region } = matched.at(-1) as { named: string; path: string; region?: string };
    const source = sourceAt(path);
    if (source === undefined) throw new Error(`There is no ${path}, which a block of code names as its source.`);
    const code = region === undefined ? source : regionOf(source, region, path);
    return `\`\`\`ts\n${named}\n${code.replaceAll(MARKER, '')}\`\`\``;
  });
}

function regionOf(source: string, name: string, path: string): string {
  const found = new RegExp(`^ *// #region ${name}\\n([^]*?)^ *// #endregion$`, 'm').exec(source)?.[1];
  if (found === undefined)
    throw new Error(`${path} has no region ${name}; mark it with the lines "// #region ${name}" and "// #endregion".`);
  const indents = [...found.matchAll(/^( *)\S/gm)].map(([, spaces = '']) => spaces.length);
  return found.replaceAll(new RegExp(`^ {${Math.min(...indents)}}`, 'gm'), '');
}

/** The blocks of TypeScript with imports that name no source: whole programs, which must compile. */
export function programsWithoutSource(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([^]*?)^```$/gm)]
    .map(([, code = '']) => code)
    .filter((code) => /^import /m.test(code) && !/^\/\/ [\w./-]+\.ts(#[\w-]+)?\n/.test(code));
}
