/* What grows, and the variants that take turns to show what a saga then costs. The first is what the others are compared with. */
import { ENDED, OPEN, type Crowd } from '../growth/stored-sagas';
import type { SagaSystem } from '../saga/contender';

export interface Question {
  readonly name: string;
  readonly grows: string;
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly name: string;
  readonly system: Pick<SagaSystem, 'steps' | 'payloadKib' | 'orchestrators' | 'partitions'>;
  /** What the orchestrator's database holds before the run. */
  readonly stored?: { readonly crowd: Crowd; readonly count: number };
}

export const QUESTIONS: readonly Question[] = [
  {
    name: 'steps',
    grows: 'steps of a saga',
    variants: [3, 10, 30].map((steps) => ({ name: `${steps} steps`, system: { steps } })),
  },
  {
    name: 'payload',
    grows: 'what the start and each command carry',
    variants: [1, 10, 100].map((payloadKib) => ({ name: `${payloadKib} KiB`, system: { payloadKib } })),
  },
  {
    name: 'processes',
    grows: 'processes of the orchestrator',
    variants: [1, 2, 3].map((orchestrators) => ({
      name: counted(orchestrators, 'process'),
      system: { orchestrators },
    })),
  },
  {
    name: 'partitions',
    grows: 'partitions of each topic',
    variants: [1, 4, 16].map((partitions) => ({ name: counted(partitions, 'partition'), system: { partitions } })),
  },
  {
    name: 'ended',
    grows: 'sagas stored before',
    variants: [
      { name: 'none stored', system: {} },
      stored(ENDED, 100_000),
      stored(ENDED, 1_000_000),
      stored(OPEN, 100_000),
    ],
  },
];

function stored(crowd: Crowd, count: number): Variant {
  return { name: `${count.toLocaleString('en')} ${crowd.name}`, system: {}, stored: { crowd, count } };
}

function counted(count: number, what: 'process' | 'partition'): string {
  if (count === 1) return `1 ${what}`;
  return `${count} ${what === 'process' ? 'processes' : 'partitions'}`;
}
