import type { HoldSettings } from '@palinode/saga/orchestrator';
import type { OrchestratorEnvironment } from './orchestrator-environment';

/** The settings of automatic holds. */
export function holdSettingsOf(environment: OrchestratorEnvironment): HoldSettings {
  if (environment.AUTOMATIC_HOLDS === 'off') return 'never';
  return {
    silence: `${environment.HOLD_AFTER_SILENCE_MS}ms`,
    failures: {
      share: environment.HOLD_AFTER_FAILURES_SHARE,
      within: `${environment.HOLD_AFTER_FAILURES_WITHIN_MS}ms`,
      atLeast: environment.HOLD_AFTER_FAILURES,
    },
  };
}
