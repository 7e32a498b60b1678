/* Handles definitions in a run in which a coverage tool has put its counters into the code. */

/** A counter of istanbul, such as `cov_2k8xq1b0pz().s[3]++`. V8's own coverage does not change the code. */
const COUNTER = /\bcov_\w+\s*(?:\(\)\s*)?\.\s*[fsb]\s*\[/;
const LINE = /^(\s*(?:- )?)([\w$]+): (.+)$/;
const FUNCTION = /=>|^"?(?:async )?function\b|^"?[\w$]+\(/;
const NOT_COMPARED = '(not compared in a run with coverage)';

export function isInstrumented(text: string): boolean {
  return COUNTER.test(text);
}

/** Returns both texts without the sources of functions under the keys that have counters. */
export function withoutSources(shipped: string, instrumented: string): readonly [shipped: string, present: string] {
  const keys = new Set<string>();
  for (const line of instrumented.split('\n')) {
    const [, , key] = LINE.exec(line) ?? [];
    if (key !== undefined && isInstrumented(line)) keys.add(key);
  }
  return [hide(shipped, keys), hide(instrumented, keys)];
}

function hide(text: string, keys: ReadonlySet<string>): string {
  const lines = text.split('\n').map((line) => {
    const [, indent = '', key = '', value = ''] = LINE.exec(line) ?? [];
    return keys.has(key) && FUNCTION.test(value) ? `${indent}${key}: ${NOT_COMPARED}` : line;
  });
  return lines.join('\n');
}
