/* The steps of a saga as rows of a table. The branches of a forEach are one row, unless they are few, unfolded or searched. */
import type { Admin } from '../../api/schemas';
import { forEachOf } from '../../diagram/history';

export type Step = Admin['SagaDetail']['steps'][number];

/** Up to this many branches are listed one by one. */
const FEW = 5;

/** A step, or the branches of a forEach, with its name. */
export type StepRow =
  | { readonly kind: 'step'; readonly step: Step }
  | { readonly kind: 'branches'; readonly name: string; readonly of: readonly Step[]; readonly isFolded: boolean };

export interface StepRowOptions {
  /** Only steps with this text in their name, status, command, signal or last problem; empty for all. */
  readonly wanted: string;
  /** The names of the forEachs whose branches are listed one by one. */
  readonly unfolded: ReadonlySet<string>;
}

export function stepRowsOf(steps: readonly Step[], { wanted, unfolded }: StepRowOptions): readonly StepRow[] {
  const text = wanted.trim().toLowerCase();
  if (text !== '') return steps.filter((step) => textOf(step).includes(text)).map((step) => ({ kind: 'step', step }));
  return groupsOf(steps).flatMap(({ name, of }): StepRow[] => {
    const each = of.map((step): StepRow => ({ kind: 'step', step }));
    if (name === undefined || of.length <= FEW) return each;
    const isFolded = !unfolded.has(name);
    return [{ kind: 'branches', name, of, isFolded }, ...(isFolded ? [] : each)];
  });
}

interface Group {
  /** The name of the forEach; undefined for a step that is no branch. */
  readonly name: string | undefined;
  readonly of: Step[];
}

/** The steps in their order; branches of one forEach follow each other. */
function groupsOf(steps: readonly Step[]): readonly Group[] {
  const groups: Group[] = [];
  for (const step of steps) {
    const name = forEachOf(step.name);
    const last = groups.at(-1);
    if (name !== undefined && last?.name === name) last.of.push(step);
    else groups.push({ name, of: [step] });
  }
  return groups;
}

function textOf({ name, status, command, signal, objection }: Step): string {
  const { reason, detail } = (objection ?? {}) as { readonly reason?: string; readonly detail?: string };
  return [name, status, command, signal, reason, detail].join(' ').toLowerCase();
}
