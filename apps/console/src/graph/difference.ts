import type { Admin } from '../api/schemas';
import type { Step } from './definition-graph';

/** What became of a step from one version of a definition to another. */
export interface StepChange {
  readonly step: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What of it changed: `timeout: 5s → 10s`. */
  readonly what: readonly string[];
}

type Definition = Pick<Admin['DefinitionDetail'], 'stages' | 'deadline'>;

/** The steps that differ between two versions, in the order of the later one; steps only in the earlier come last. */
export function differenceOf(earlier: Definition, later: Definition): readonly StepChange[] {
  const before = stepsOf(earlier);
  const after = stepsOf(later);
  const differing = [...after].flatMap(([step, now]): StepChange[] => {
    const then = before.get(step);
    if (then === undefined) return [{ step, change: 'added', what: [] }];
    const what = changesOf(then, now);
    return what.length === 0 ? [] : [{ step, change: 'changed', what }];
  });
  const removed = [...before.keys()].filter((step) => !after.has(step));
  return [...differing, ...removed.map((step): StepChange => ({ step, change: 'removed', what: [] }))];
}

function stepsOf({ stages }: Definition): Map<string, Readonly<Record<string, string>>> {
  const facts = stages.flatMap(({ steps }, index) =>
    steps.map((step) => [step.name, { stage: String(index + 1), ...flat(step) }] as const),
  );
  return new Map(facts);
}

/** `{ action: { timeout: '5s' } }` as `{ 'action.timeout': '5s' }`. */
function flat(value: object, path = ''): Record<string, string> {
  const entries = Object.entries(value).filter(
    ([name, part]) => part !== undefined && !(path === '' && name === 'name'),
  );
  return Object.assign(
    {},
    ...entries.map(([name, part]: [string, unknown]) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? flat(part, `${path}${name}.`)
        : { [`${path}${name}`]: Array.isArray(part) ? part.map(String).join(', ') : String(part) },
    ),
  ) as Record<string, string>;
}

function changesOf(then: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>): string[] {
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  return names
    .filter((name) => then[name] !== now[name])
    .map((name) => `${name}: ${then[name] || 'none'} → ${now[name] || 'none'}`);
}

/** The name of the kind of a step, for people. */
export const kindText: Readonly<Record<Step['kind'], string>> = {
  compensation: 'compensation only',
  compensatable: 'compensatable',
  pivot: 'pivot',
  retriable: 'retriable',
  wait: 'wait',
};
