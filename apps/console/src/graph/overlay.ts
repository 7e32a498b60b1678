import type { Admin } from '../api/schemas';

/** What is said of a step on the graph: its state in one saga, or how it does in all. */
export interface StepOverlay {
  /** The status of the step in a saga. */
  readonly status?: string;
  /** A line below what the step does. */
  readonly line?: string;
  /** The share of failures, from 0 to 1. */
  readonly failureShare?: number;
}

/** By step. */
export type Overlay = Readonly<Record<string, StepOverlay>>;

/** The branches of a forEach are one step of the definition: `seats[2]` is `seats`. */
export const stepOf = (name: string): string => name.replace(/\[\d+\]$/, '');

/** Of branches, the status that matters most to a reader. */
const MOST_TELLING = [
  'FAILED',
  'REFUSED',
  'UNKNOWN',
  'COMPENSATING',
  'INVOKED',
  'PENDING',
  'COMPENSATED',
  'COMPENSATION_SKIPPED',
  'DONE',
  'SKIPPED',
];

/** A saga's way through its definition. */
export function wayOf(
  steps: readonly { readonly name: string; readonly status: string; readonly attempt?: number | undefined }[],
): Overlay {
  const names = new Set(steps.map(({ name }) => stepOf(name)));
  return Object.fromEntries(
    [...names].map((name) => {
      const all = steps.filter((step) => stepOf(step.name) === name);
      const status = MOST_TELLING.find((each) => all.some((step) => step.status === each)) ?? all[0]?.status ?? '';
      const attempt = Math.max(...all.map((step) => step.attempt ?? 1));
      const count = all.length > 1 ? `${all.filter((step) => step.status === status).length} of ${all.length}, ` : '';
      const tries = attempt > 1 ? `, attempt ${attempt}` : '';
      return [name, { status, line: `${count}${status.toLowerCase().replaceAll('_', ' ')}${tries}` }];
    }),
  );
}

/** How long the actions of the steps take, and how often they fail. */
export function statisticsOf(steps: readonly Admin['StepStatisticsView'][]): Overlay {
  const actions = steps.filter(({ direction }) => direction === 'action');
  return Object.fromEntries(
    actions.map(({ step, p50, p99, failureShare, answered }) => [
      step,
      {
        failureShare,
        line: answered === 0 ? 'no reply yet' : `${failuresText(failureShare)}p50 ${msText(p50)}, p99 ${msText(p99)}`,
      },
    ]),
  );
}

const msText = (ms = 0): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);

const failuresText = (share: number): string =>
  share === 0 ? '' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} % fail, `;
