import type { DiagnosisSummary } from './diagnosis';

/** What was found at one step, or of the saga as a whole. */
export interface Finding extends DiagnosisSummary {
  readonly since: number;
  readonly because: readonly string[];
}
