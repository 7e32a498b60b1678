import { forEachOf } from '../../diagram/history';
import type { Diagnosis } from './use-saga';

type Effect = Diagnosis['effects'][number];

const WORDS: Readonly<Record<Effect['effect'], string>> = {
  done: 'done',
  compensated: 'compensated',
  none: 'no effect',
  unknown: 'perhaps an effect',
  'under-way': 'under way',
  kept: 'kept: its compensation was skipped',
};

/** `stock: compensated · seats: 120 done, 80 under way`: the branches of a forEach together. */
export function effectsText(effects: readonly Effect[]): string {
  const steps = new Map<string, Map<string, number>>();
  for (const { step, effect } of effects) {
    const name = forEachOf(step) ?? step;
    const counts = steps.get(name) ?? new Map<string, number>();
    steps.set(name, counts.set(WORDS[effect], (counts.get(WORDS[effect]) ?? 0) + 1));
  }
  const textOf = ([word, count]: readonly [string, number]): string => (count > 1 ? `${count} ${word}` : word);
  return [...steps].map(([step, counts]) => `${step}: ${[...counts].map(textOf).join(', ')}`).join(' · ');
}
