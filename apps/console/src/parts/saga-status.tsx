import { StateBadge, type StateColor } from './state-badge';

/** The colour and the sign of each status of a saga. */
const looks: Readonly<Record<string, { readonly color: StateColor; readonly sign: string }>> = {
  RUNNING: { color: 'running', sign: '▶' },
  COMPLETED: { color: 'completed', sign: '✓' },
  COMPENSATING: { color: 'compensating', sign: '↩' },
  COMPENSATED: { color: 'compensating', sign: '⟲' },
  PAUSED: { color: 'paused', sign: '‖' },
  HELD: { color: 'held', sign: '◷' },
};

export function SagaStatus({ status, held = false }: { readonly status: string; readonly held?: boolean }) {
  const shown = held && status !== 'PAUSED' ? 'HELD' : status;
  return <StateBadge word={shown.toLowerCase()} {...(looks[shown] ?? { color: 'ignored', sign: '?' })} />;
}
