/* What usually helps, by what the sagas of an incident stand for. docs/guide/operate-by-hand.md has the same advice. */
import type { Cause, PauseReason } from '../../engine';
import type { RemedyView } from './incident.view';

const PAUSED: Readonly<Record<PauseReason, RemedyView>> = {
  'pivot-unanswered': {
    action: 'resume',
    text: 'See that the participant answers, then resume: that sends the command again under its id. A late reply resumes the saga by itself.',
  },
  'needs-attention': {
    action: 'resume',
    text: 'Repair the participant, then resume: that attempts the step again. A late reply resumes the saga by itself.',
  },
  unfinished: {
    action: 'resume',
    text: 'Find out what the third party did. Resume attempts the step again; resolve says that it is done.',
  },
  'action-forgotten': {
    action: 'skip',
    text: 'Check whether the action took effect, and undo it by hand; then resolve or skip the step.',
  },
  'broken-contract': { action: 'resume', text: 'Correct the participant, whose reply does not fit, then resume.' },
  'outcome-unknown': {
    action: 'resolve',
    text: 'Find out what took effect, and resolve the step. Resume starts a new attempt of a step that must succeed.',
  },
  'invalid-payload': { action: 'resume', text: 'Correct the payload mapper in place, deploy it, then resume.' },
  'invalid-input': { action: 'cancel', text: 'Correct the service that starts such sagas, and cancel these.' },
  'invalid-definition': { action: 'resume', text: 'Correct the definition in place, deploy it, then resume.' },
  'definition-missing': { text: 'Register this version of the definition: the sagas then continue by themselves.' },
  'engine-fault': {
    action: 'resume',
    text: 'Report it, it is a bug of the engine; then resume. What was sent stays sent.',
  },
  operator: { action: 'resume', text: 'An operator paused them; resume when the reason is gone.' },
};

const FINAL = 'COMPENSATED is final: start new sagas for what is still wanted.';

const COMPENSATED: Readonly<Record<Cause['kind'], RemedyView>> = {
  refusal: { text: `A participant refused for a business reason. ${FINAL}` },
  failure: { text: `The step failed as often as its retry policy allows: look at the participant. ${FINAL}` },
  'no-answer': { text: `The step was not answered in time: look at the participant and its lag. ${FINAL}` },
  deadline: { text: `The deadline passed before the pivot. ${FINAL}` },
  cancelled: { text: `An operator cancelled them. ${FINAL}` },
  parent: { text: `Their parents compensated them: look at those. ${FINAL}` },
};

const HELD: RemedyView = {
  action: 'retry',
  text: 'They continue by themselves when their hold ends; the holds say why there is one. Retry sends their commands now, whatever is held.',
};

const UNKNOWN: RemedyView = { text: 'Look at one of them: its history shows what happened.' };

export function remedyFor(status: string, reason: string): RemedyView {
  if (status === 'HELD') return HELD;
  const remedies: Readonly<Partial<Record<string, RemedyView>>> = status === 'PAUSED' ? PAUSED : COMPENSATED;
  return remedies[reason] ?? UNKNOWN;
}
