import { programsWithoutSource, withExcerpts } from './excerpts';
import { read, readIfThere, written } from './pages';

describe('the code of the documents', () => {
  it.each(written.filter((page) => read(page).includes('```ts')))('is in %s what npm run docs writes', (page) => {
    expect(read(page)).toBe(withExcerpts(read(page), readIfThere));
  });

  it.each(written.filter((page) => /^(README\.md|docs\/)/.test(page)))(
    'has a source in %s where it is a whole program',
    (page) => {
      expect(programsWithoutSource(read(page))).toEqual([]);
    },
  );
});

describe('an excerpt', () => {
  const sources: Readonly<Record<string, string>> = {
    'a/whole.ts': "import { b } from './b.js';\n\n// #region use\nb();\n// #endregion\n",
    'a/part.ts': 'class A {\n  // #region b\n  b() {\n    return 1;\n  }\n  // #endregion\n\n  c() {}\n}\n',
  };
  const shown = (block: string): string => withExcerpts(block, (path) => sources[path]);

  it('is a whole file without the marks of its regions', () => {
    expect(shown('```ts\n// a/whole.ts\nold();\n```\n')).toBe(
      "```ts\n// a/whole.ts\nimport { b } from './b.js';\n\nb();\n```\n",
    );
  });

  it('is a region without its indentation', () => {
    expect(shown('Text.\n\n```ts\n// a/part.ts#b\n```\n')).toBe(
      'Text.\n\n```ts\n// a/part.ts#b\nb() {\n  return 1;\n}\n```\n',
    );
  });

  it('replaces only the block that names it', () => {
    const others = '```ts\nold();\n```\n\n```console\n// a/whole.ts\n```\n';
    expect(shown(`${others}\n\`\`\`ts\n// a/part.ts#b\n\`\`\`\n${others}`)).toBe(
      `${others}\n\`\`\`ts\n// a/part.ts#b\nb() {\n  return 1;\n}\n\`\`\`\n${others}`,
    );
  });

  it('names the region that is missing, and how to mark it', () => {
    expect(() => shown('```ts\n// a/part.ts#c\n```\n')).toThrow(
      'a/part.ts has no region c; mark it with the lines "// #region c" and "// #endregion".',
    );
  });

  it('names the source that is missing', () => {
    expect(() => shown('```ts\n// a/other.ts\n```\n')).toThrow('There is no a/other.ts');
  });

  it('is what every block with imports must be', () => {
    const program = "import { b } from './b.js';\nb();\n";
    expect(programsWithoutSource(`\`\`\`ts\n${program}\`\`\`\n\n\`\`\`ts\nb();\n\`\`\`\n`)).toEqual([program]);
    expect(programsWithoutSource(`\`\`\`ts\n// a/whole.ts\n${program}\`\`\`\n`)).toEqual([]);
  });
});
