/* What the diagram says in words: beside an arrow, to a screen reader, in the list of entries. */
import { serviceOf, type EventFields, type SentCommand } from './history';

const IGNORED: Partial<Record<string, string>> = {
  'already-started': 'the saga had started already',
  'saga-ended': 'the saga had ended',
  'unknown-step': 'the definition has no such step',
  'foreign-reply': 'it came from the topic of another service',
  'foreign-parent': 'it came from another saga than its parent',
  'not-awaited': 'late or duplicate: nothing waits for it',
  'nothing-due': 'nothing was due',
  'nothing-held': 'nothing was held',
  'not-paused': 'the saga was not paused',
  'already-paused': 'the saga was paused already',
  'definition-not-missed': 'the definition was not missing',
  'past-the-pivot': 'the saga was past its pivot',
  'already-turning-back': 'the saga was compensating already',
  'nothing-to-resolve': 'nothing had to be resolved',
  'nothing-to-skip': 'nothing could be skipped',
  'must-succeed': 'the command must succeed',
  'invalid-reply': 'the reply does not fit its contract',
  'unknown-signal': 'the definition has no such signal',
  'already-signalled': 'the signal had come already',
  'invalid-signal': 'the signal does not fit its contract',
};

/** Why an entry changed nothing. */
export function whyIgnored(code: string): string {
  return IGNORED[code] ?? code;
}

const CAUSES: Partial<Record<string, string>> = {
  refusal: 'a command was refused',
  failure: 'a command failed',
  'no-answer': 'an answer is missing',
  deadline: 'its deadline has passed',
  cancelled: 'an operator cancelled it',
  parent: 'its parent compensates it',
};

/** Why a saga compensates. */
export function causeText(cause: string): string {
  return CAUSES[cause] ?? cause;
}

/** The command without its service, which the lifeline names, with what is special about this one. */
export function commandText({ command, attempt, again }: SentCommand, count = 1): string {
  const marks = [count > 1 ? `×${count}` : '', attempt > 1 ? `attempt ${attempt}` : '', again ? 'again' : ''].filter(
    (mark) => mark !== '',
  );
  return [actionOf(command), ...marks].join(' · ');
}

/** `reserve-stock` of `inventory.reserve-stock`. */
export function actionOf(command: string): string {
  const action = command.slice(serviceOf(command).length + 1);
  return action === '' ? command : action;
}

const OUTCOMES: Partial<Record<string, { readonly symbol: string; readonly text: string }>> = {
  replied: { symbol: '✓', text: 'success' },
  refused: { symbol: '⊘', text: 'refused' },
  failed: { symbol: '✕', text: 'failed' },
  broken: { symbol: '⚠', text: 'outside its contract' },
  unknown: { symbol: '?', text: 'outcome not known' },
};

/** The outcome of a reply, as a symbol and in words. */
export function outcomeOf({ kind, objection }: EventFields): { readonly symbol: string; readonly text: string } {
  const { symbol, text } = OUTCOMES[kind] ?? { symbol: '·', text: kind };
  if (objection === undefined) return { symbol, text };
  const why = objection.detail === undefined ? objection.reason : `${objection.reason}: ${objection.detail}`;
  return { symbol, text: `${text}: ${why}` };
}

const OPERATOR: Partial<Record<string, string>> = {
  pause: 'pauses',
  resume: 'resumes',
  retry: 'retries now',
  cancel: 'cancels',
  resolve: 'resolves',
  skip: 'skips the compensation of',
};

/** What an operator did, or undefined when the event is none of an operator's. */
export function operatorText({ kind, by, reason, step, outcome }: EventFields): string | undefined {
  const verb = OPERATOR[kind];
  if (verb === undefined) return undefined;
  const what = [by ?? 'an operator', verb, step, outcome && `as ${outcome}`].filter(Boolean).join(' ');
  return reason === undefined || reason === '' ? what : `${what}: ${reason}`;
}
