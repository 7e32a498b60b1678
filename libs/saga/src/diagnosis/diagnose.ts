/*
 * Finds out why a saga stands where it stands. A pure function of the situation, so every finding can be tested without
 * servers, and a program that reads many sagas at once can make their diagnoses from one reading.
 */
import { durationOf } from '../contract';
import { allStepsOf, type StepDefinition } from '../definition';
import { hasEnded, type Invocation, type Pause, type PauseReason, type StepState } from '../engine';
import type { Diagnosis, DiagnosisCode } from './diagnosis';
import { effectsOf } from './effects';
import { expectedOf } from './expected';
import type { ParticipantFacts, Situation } from './situation';

/** A command that is not published after this time waits for the broker, or for an instance that died. */
const RELAYED_WITHIN_MS = 2_000;
/** A timer is late when it is this long overdue. */
const TIMERS_WITHIN_MS = 5_000;
/** A compensation that has failed this often is shown as failing. */
const FAILING_ATTEMPTS = 3;

/** What was found at one step, or of the saga as a whole. */
interface Finding {
  readonly code: DiagnosisCode;
  readonly summary: string;
  readonly since: number;
  readonly because: readonly string[];
  readonly step?: string;
}

/** The order in which findings are reported, where several steps wait: the first is the diagnosis. */
const BY_WEIGHT: readonly DiagnosisCode[] = [
  'timers-late',
  'dead-letter',
  'not-relayed',
  'no-consumer',
  'held',
  'participant-silent',
  'compensation-failing',
  'lagging',
  'backing-off',
  'waiting-for-reply',
  'waiting-for-child',
  'waiting-for-signal',
];

const PAUSES: Readonly<Record<PauseReason, DiagnosisCode>> = {
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

/** Returns why a saga stands where it stands; undefined when it has ended. */
export function diagnose(situation: Situation): Diagnosis | undefined {
  const { state } = situation;
  if (hasEnded(state)) return undefined;
  const [found, ...others] = findings(situation);
  const finding = found ?? unexplained(situation);
  const [next, afterwards] = expectedOf(situation);
  const because = [...finding.because, ...others.map(({ summary }) => summary), ...problems(situation)];
  return { ...finding, because, next, afterwards, effects: effectsOf(situation) };
}

function findings(situation: Situation): Finding[] {
  const { state } = situation;
  if (state.status === 'PAUSED') return [paused(situation, state.pause as Pause)];
  const late = lateTimers(situation);
  const found = stepsOfSaga(situation).flatMap(([step, at]) => findingAt(situation, step, at) ?? []);
  return [...(late ? [late] : []), ...found].toSorted((a, b) => weightOf(a) - weightOf(b));
}

function weightOf({ code }: Finding): number {
  return BY_WEIGHT.indexOf(code);
}

function stepsOfSaga({ definition, state }: Situation): [StepDefinition, StepState][] {
  if (definition === undefined) return [];
  return allStepsOf(definition, state.groups).flatMap((step) => {
    const at = state.steps[step.name];
    return at === undefined ? [] : [[step, at]];
  });
}

function paused(situation: Situation, { reason, detail, step, at }: Pause): Finding {
  const { state, deadLetters } = situation;
  const failure = step === undefined ? undefined : state.steps[step]?.objection;
  const because = [
    ...(failure
      ? [`Its last failure was ${failure.reason}${failure.detail === undefined ? '' : `: ${failure.detail}`}`]
      : []),
    ...(deadLetters.length > 0 ? [lettersText(situation)] : []),
  ];
  const summary = reason === 'operator' ? `An operator paused it, ${detail}` : detail;
  return { code: PAUSES[reason], summary, since: at, because, ...(step === undefined ? {} : { step }) };
}

function lateTimers({ state, now }: Situation): Finding | undefined {
  const { wakeAt } = state;
  if (wakeAt === undefined || now - wakeAt < TIMERS_WITHIN_MS) return undefined;
  const summary = `Its timer is ${lengthOf(now - wakeAt)} late: no orchestrator has woken it`;
  return { code: 'timers-late', summary, since: wakeAt, because: [] };
}

function findingAt(situation: Situation, step: StepDefinition, at: StepState): Finding | undefined {
  const { exchange, awaitsUntil, held } = at;
  if (held) return heldAt(situation, step, at);
  if (awaitsUntil !== undefined) return waitingForSignal(situation, step, awaitsUntil);
  if (exchange === undefined) return undefined;
  return exchange.waitsFor === 'reply'
    ? waitingForReply(situation, step, exchange)
    : backingOff(situation, step, at, exchange);
}

function heldAt({ holdOn, now }: Situation, step: StepDefinition, at: StepState): Finding {
  const { since } = at.held as NonNullable<StepState['held']>;
  const hold = holdOn(step, at);
  const summary = hold
    ? `${step.name} is held for ${lengthOf(now - since)}, by ${hold.by}: ${hold.reason}`
    : `The hold of ${step.name} has ended; it continues shortly`;
  const probes =
    hold && hold.cause !== 'by-hand' ? [`${counted(hold.probes, 'probe')} sent to find out whether it is back`] : [];
  return { code: 'held', summary, since, because: probes, step: step.name };
}

function waitingForSignal({ now }: Situation, step: StepDefinition, awaitsUntil: number): Finding {
  const { signal, timeoutMs, otherwise } = step.wait as NonNullable<StepDefinition['wait']>;
  const end = otherwise ? 'a default takes its place' : 'the saga is compensated';
  return {
    code: 'waiting-for-signal',
    summary: `It waits for the signal ${signal.name} from outside`,
    since: awaitsUntil - timeoutMs,
    because: [`If it does not come within ${lengthOf(awaitsUntil - now)}, ${end}`],
    step: step.name,
  };
}

function backingOff(
  { now, changedAt }: Situation,
  step: StepDefinition,
  { objection }: StepState,
  exchange: Invocation,
): Finding {
  const { direction, attempt, wakeAt } = exchange;
  const command = commandOf(step, direction);
  const failing = direction === 'compensation' && attempt >= FAILING_ATTEMPTS;
  const last = objection
    ? [`The last failure was ${objection.reason}${objection.detail === undefined ? '' : `: ${objection.detail}`}`]
    : [];
  return {
    code: failing ? 'compensation-failing' : 'backing-off',
    summary: `${command} has failed ${times(attempt)}, and is tried again in ${lengthOf(wakeAt - now)}`,
    since: changedAt,
    because: last,
    step: step.name,
  };
}

function waitingForReply(situation: Situation, step: StepDefinition, exchange: Invocation): Finding {
  const { participants, unsent, deadLetters, now } = situation;
  const { direction, commandId, sends, wakeAt } = exchange;
  const spec = direction === 'action' ? step.action : step.compensation;
  const command = commandOf(step, direction);
  const service = spec?.command.service ?? '';
  const since = wakeAt - sends * (spec?.timeoutMs ?? 0);
  const facts = participants.get(service) ?? {};
  const finding = (code: DiagnosisCode, summary: string, because: readonly string[] = []): Finding => ({
    code,
    summary,
    since,
    because: [
      ...because,
      ...(sends > 1 ? [`${command} was sent ${times(sends)} under one id`] : []),
      ...factsText(service, facts, now),
    ],
    step: step.name,
  });
  const unsentSince = unsent.get(commandId);
  if (unsentSince !== undefined && now - unsentSince > RELAYED_WITHIN_MS)
    return finding(
      'not-relayed',
      `${command} has waited ${lengthOf(now - unsentSince)} in the outbox: it is not published`,
    );
  const letter = deadLetters.find(({ messageId }) => messageId === commandId);
  if (letter)
    return finding('dead-letter', `${service} could not process ${command}, and dead-lettered it: ${letter.reason}`);
  if (step.child) return finding('waiting-for-child', `It waits for its child saga ${step.child.name} to end`);
  if (facts.members === 0) return finding('no-consumer', `No instance of ${service} reads its commands`);
  if (sends > 1 && (facts.answeredAt ?? 0) < since)
    return finding('participant-silent', `${service} has answered nobody since ${command} was sent`);
  if ((facts.lag ?? 0) > 1)
    return finding(
      'lagging',
      `${service} is ${counted(facts.lag ?? 0, 'command')} behind, and ${command} waits for its turn`,
    );
  return finding('waiting-for-reply', `It waits for the reply of ${service} to ${command}`);
}

/** What is known of the participant, in sentences. */
function factsText(service: string, { answeredAt, members, lag }: ParticipantFacts, now: number): string[] {
  return [
    answeredAt === undefined
      ? `No answer of ${service} was seen yet`
      : `${service} last answered a command ${lengthOf(now - answeredAt)} ago`,
    ...(members === undefined ? [] : [`${service} has ${counted(members, 'consumer')}`]),
    ...(lag === undefined ? [] : [`${service} has ${counted(lag, 'command')} to process`]),
  ];
}

function problems({ problem, deadLetters, state }: Situation): string[] {
  const letters =
    state.status !== 'PAUSED' && deadLetters.length > 0
      ? [`It has ${counted(deadLetters.length, 'open dead letter')}`]
      : [];
  return [...(problem === undefined ? [] : [`This orchestrator reports: ${problem}`]), ...letters];
}

function lettersText({ deadLetters }: Situation): string {
  const reasons = [...new Set(deadLetters.map(({ service, reason }) => `${reason} of ${service}`))];
  return `It has ${counted(deadLetters.length, 'open dead letter')}: ${reasons.join(', ')}`;
}

function unexplained({ state, definition, changedAt }: Situation): Finding {
  if (definition === undefined) {
    const summary = `This instance does not have ${state.definition} v${state.version}; another one runs the saga`;
    return { code: 'definition-missing', summary, since: changedAt, because: [] };
  }
  return { code: 'waiting-for-reply', summary: 'Its next step begins in this moment', since: changedAt, because: [] };
}

function commandOf(step: StepDefinition, direction: Invocation['direction']): string {
  return (direction === 'action' ? step.action : step.compensation)?.command.name ?? step.name;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

/** A length for people, in whole seconds or more. */
function lengthOf(ms: number): string {
  return durationOf(Math.max(1, Math.round(ms / 1_000)) * 1_000);
}
