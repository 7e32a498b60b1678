import { Badge } from '@mantine/core';

/** The colour language of sagas, for the orders that they serve. */
const looks: Readonly<Record<string, { readonly color: string; readonly sign: string }>> = {
  PENDING: { color: 'running', sign: '▶' },
  APPROVED: { color: 'completed', sign: '✓' },
  REJECTED: { color: 'compensating', sign: '⟲' },
  REVISING: { color: 'running', sign: '▶' },
  CANCELLING: { color: 'compensating', sign: '↩' },
  CANCELLED: { color: 'compensating', sign: '⟲' },
};

export function OrderStatus({ status }: { readonly status: string }) {
  const { color, sign } = looks[status] ?? { color: 'ignored', sign: '?' };
  return (
    <Badge
      variant="outline"
      styles={{ root: { color: `var(--state-${color})`, borderColor: `var(--state-${color})` } }}
      leftSection={<span aria-hidden>{sign}</span>}
    >
      {status.toLowerCase()}
    </Badge>
  );
}
