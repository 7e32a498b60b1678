import { StateBadge, type StateColor } from '../../parts/state-badge';

/** The colour language of sagas, for the orders that they serve. */
const looks: Readonly<Record<string, { readonly color: StateColor; readonly sign: string }>> = {
  PENDING: { color: 'running', sign: '▶' },
  APPROVED: { color: 'completed', sign: '✓' },
  REJECTED: { color: 'compensating', sign: '⟲' },
  REVISING: { color: 'running', sign: '▶' },
  CANCELLING: { color: 'compensating', sign: '↩' },
  CANCELLED: { color: 'compensating', sign: '⟲' },
};

export function OrderStatus({ status }: { readonly status: string }) {
  const { color, sign } = looks[status] ?? { color: 'ignored', sign: '?' };
  return <StateBadge word={status.toLowerCase()} color={color} sign={sign} />;
}
