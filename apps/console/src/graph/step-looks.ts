import { stepSign } from '../diagram/step-signs';
import type { StepOverlay } from './overlay';

/** The colour and sign of a step by its status in a saga; by its failures where no saga is shown. */
export function looksOf(
  overlay: StepOverlay | undefined,
): { readonly color: string; readonly sign: string } | undefined {
  if (overlay?.status !== undefined) return stepSign(overlay.status);
  if (overlay?.failureShare !== undefined && overlay.failureShare > 0)
    return { color: `var(--state-${overlay.failureShare >= 0.1 ? 'paused' : 'compensating'})`, sign: '⚠' };
  return undefined;
}
