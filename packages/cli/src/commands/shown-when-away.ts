import type { Shown } from './operate';
import { nextStep } from '../operate/output';
import { ApiError } from '../operate/request';

/** While the orchestrator cannot reach its database it answers 503: that is what there is to know. */
export function shownWhenAway(error: unknown): Shown {
  if (!(error instanceof ApiError) || error.status !== 503) throw error;
  const text = [
    `Sagas do not advance: ${error.message}`,
    'None is lost: they go on when it is back.',
    '',
    nextStep('palinode status'),
  ];
  return { json: error.body, text: text.join('\n'), exitCode: 3 };
}
