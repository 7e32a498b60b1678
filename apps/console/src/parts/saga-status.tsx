import { Badge } from '@mantine/core';

/** The word, the colour and the sign of each status of a saga. */
const looks: Readonly<Record<string, { readonly color: string; readonly sign: string; readonly word?: string }>> = {
  RUNNING: { color: 'running', sign: '▶' },
  COMPLETED: { color: 'completed', sign: '✓' },
  COMPENSATING: { color: 'compensating', sign: '↩' },
  COMPENSATED: { color: 'compensating', sign: '⟲' },
  PAUSED: { color: 'paused', sign: '‖' },
  HELD: { color: 'held', sign: '◷' },
};

export function SagaStatus({ status, held = false }: { readonly status: string; readonly held?: boolean }) {
  const shown = held ? 'HELD' : status;
  const { color, sign } = looks[shown] ?? { color: 'ignored', sign: '?' };
  return (
    <Badge
      variant="outline"
      styles={{ root: { color: `var(--state-${color})`, borderColor: `var(--state-${color})` } }}
      leftSection={<span aria-hidden>{sign}</span>}
    >
      {shown.toLowerCase()}
    </Badge>
  );
}
