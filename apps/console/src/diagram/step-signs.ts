/** The colour and the sign of each status of a step. */
const SIGNS: Partial<Record<string, { readonly state: string; readonly sign: string }>> = {
  PENDING: { state: 'ignored', sign: '○' },
  INVOKED: { state: 'running', sign: '▶' },
  DONE: { state: 'completed', sign: '✓' },
  REFUSED: { state: 'paused', sign: '⊘' },
  FAILED: { state: 'paused', sign: '✕' },
  UNKNOWN: { state: 'paused', sign: '?' },
  SKIPPED: { state: 'ignored', sign: '–' },
  COMPENSATING: { state: 'compensating', sign: '↩' },
  COMPENSATED: { state: 'compensating', sign: '⟲' },
  COMPENSATION_SKIPPED: { state: 'ignored', sign: '⤼' },
};

export function stepSign(status: string): { readonly color: string; readonly sign: string } {
  const { state, sign } = SIGNS[status] ?? { state: 'ignored', sign: '·' };
  return { color: `var(--state-${state})`, sign };
}
