import type { HistoryEntry, StepChange } from './history';

/** What the steps of a saga wait for, entry by entry. */
export class Waits {
  private readonly waiting = new Map<string, StepChange>();

  /** Goes on to what this entry made of the steps. */
  apply({ after }: HistoryEntry): void {
    for (const step of after?.steps ?? [])
      if (step.waitsFor === undefined) this.waiting.delete(step.name);
      else this.waiting.set(step.name, step);
  }

  /** The steps whose time was over at this instant. */
  dueAt(at: string): readonly StepChange[] {
    const now = Date.parse(at);
    return [...this.waiting.values()].filter(({ wakeAt }) => wakeAt !== undefined && Date.parse(wakeAt) <= now);
  }

  /** The steps that this entry made wait for a hold or a signal. */
  begunBy({ after }: HistoryEntry, waitsFor: 'hold' | 'signal'): readonly StepChange[] {
    return (after?.steps ?? []).filter(
      (step) => step.waitsFor === waitsFor && this.waiting.get(step.name)?.waitsFor !== waitsFor,
    );
  }
}

const REASONS: Partial<Record<string, string>> = {
  reply: 'no reply',
  'next-attempt': 'backoff over',
  signal: 'no signal',
  hold: 'hold checked',
};

/** Why the orchestrator woke up: `no reply: payment`. */
export function wakeUpText(due: readonly StepChange[]): string | undefined {
  const [first] = due;
  if (first === undefined) return undefined;
  const alike = due.filter(({ waitsFor }) => waitsFor === first.waitsFor);
  return `${REASONS[first.waitsFor ?? ''] ?? 'time over'}: ${namesOf(alike)}`;
}

/** Names steps, at most two of them. */
export function namesOf(steps: readonly { readonly name: string }[]): string {
  const [first, second, ...others] = steps.map(({ name }) => name);
  if (second === undefined) return first ?? '';
  return others.length === 0 ? `${first}, ${second}` : `${first} and ${others.length + 1} others`;
}
