import type { Rejection } from '../contract';
import type { Pause, PauseReason, SagaState } from '../engine';
import type { DiagnosisCode } from './diagnosis';

const CODES: Readonly<Record<PauseReason, DiagnosisCode>> = {
  operator: 'paused-by-operator',
  'needs-attention': 'needs-attention',
  'pivot-unanswered': 'pivot-unanswered',
  'outcome-unknown': 'outcome-unknown',
  'broken-contract': 'broken-contract',
  unfinished: 'unfinished',
  'action-forgotten': 'action-forgotten',
  'definition-missing': 'definition-missing',
  'invalid-input': 'invalid-input',
  'invalid-payload': 'invalid-payload',
  'invalid-definition': 'invalid-definition',
  'engine-fault': 'engine-fault',
};

/** Why a saga is paused, with the last failure of its step: what the log, the lists and the diagnosis say. */
export function pauseSummary(
  { steps }: Pick<SagaState, 'steps'>,
  { reason, detail, step }: Pick<Pause, 'reason' | 'detail' | 'step'>,
): { readonly code: DiagnosisCode; readonly summary: string } {
  const failure = step === undefined ? undefined : steps[step]?.objection;
  const said = reason === 'operator' ? `An operator paused it, ${detail}` : detail;
  // Other pauses quote the failure themselves.
  const isUnsaid = failure !== undefined && !(failure.detail !== undefined && detail.includes(failure.detail));
  return {
    code: CODES[reason],
    summary: isUnsaid ? `${said.replace(/\.$/, '')}; its last failure was ${failureText(failure)}` : said,
  };
}

export function failureText({ reason, detail }: Rejection): string {
  return detail === undefined ? reason : `${reason}: ${detail}`;
}
