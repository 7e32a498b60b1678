/** The result of a search. */
export interface Verdict {
  readonly states: number;
  readonly depth: number;
  readonly transitions: number;
  /** True when every reachable state was visited; a search stops at its first error. */
  readonly complete: boolean;
  /** The broken promise; undefined when all hold. */
  readonly broken?: string | undefined;
}

/** Parses the output of a Spin verifier. Throws when it is not the report of a search. */
export function verdictOf(output: string): Verdict {
  const found = /State-vector .*depth reached (\d+), errors: (\d+)/.exec(output);
  if (!found) throw new Error(`The verifier printed no report:\n${output.slice(0, 1_000)}`);
  const error = /^pan:\d+: (.+?) \(at depth \d+\)/m.exec(output)?.[1];
  if (found[2] !== '0' && error === undefined) throw new Error(`The verifier does not name its error:\n${output}`);
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

/** The asserted promise of `assertion violated !(effect_twice)`; any other error unchanged. */
function promiseOf(error: string): string {
  return /^assertion violated\s+!\((\w+)\)/.exec(error)?.[1]?.replaceAll('_', ' ') ?? error;
}
