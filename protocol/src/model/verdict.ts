/** What a search of a model found. */
export interface Verdict {
  readonly states: number;
  readonly depth: number;
  readonly transitions: number;
  /** True when every state there is was seen; a search that finds an error stops there. */
  readonly complete: boolean;
  /** The promise that does not hold; undefined when all do. */
  readonly broken?: string | undefined;
}

/** Reads what a verifier that Spin made has printed. Throws when it is not the report of a search. */
export function verdictOf(output: string): Verdict {
  const found = /State-vector .*depth reached (\d+), errors: (\d+)/.exec(output);
  if (!found) throw new Error(`The verifier did not report:\n${output.slice(0, 1_000)}`);
  const error = /^pan:\d+: (.+?) \(at depth \d+\)/m.exec(output)?.[1];
  if (found[2] !== '0' && error === undefined) throw new Error(`The verifier does not say which error:\n${output}`);
  return {
    states: numberBefore('states, stored', output),
    depth: Number(found[1]),
    transitions: numberBefore('transitions (=', output),
    complete: output.includes('Full statespace search') && !/not completed|too small|-DMEMLIM/.test(output),
    ...(error === undefined ? {} : { broken: promiseOf(error) }),
  };
}

function numberBefore(words: string, output: string): number {
  const line = output.split('\n').find((each) => each.includes(words)) ?? '';
  return Number.parseInt(line, 10);
}

/** `assertion violated !(effect_twice)`: the promise that was asserted; any other error as it is. */
function promiseOf(error: string): string {
  return /^assertion violated\s+!\((\w+)\)/.exec(error)?.[1]?.replaceAll('_', ' ') ?? error;
}
