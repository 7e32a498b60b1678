import type { Admin } from '../../api/schemas';
import { StateBadge, type StateColor } from '../../parts/state-badge';

type Letter = Admin['DeadLetterSummary'];

const LOOKS: Readonly<Record<Letter['status'], { readonly color: StateColor; readonly sign: string }>> = {
  open: { color: 'paused', sign: '✉' },
  redriven: { color: 'running', sign: '↻' },
  discarded: { color: 'ignored', sign: '✗' },
  closed: { color: 'completed', sign: '✓' },
};

/** The status of a dead letter, and of a redrive what became of it. */
export function LetterStatus({ status, outcome }: Pick<Letter, 'status' | 'outcome'>) {
  if (outcome === 'failed-again') return <StateBadge word="failed again" color="paused" sign="!" />;
  if (outcome === 'handled') return <StateBadge word="handled" color="completed" sign="✓" />;
  return <StateBadge word={status} {...LOOKS[status]} />;
}
