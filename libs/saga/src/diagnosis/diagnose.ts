/*
 * Finds out why a saga stands where it stands. A pure function of the situation, so every finding can be tested without
 * servers, and a program that reads many sagas at once can make their diagnoses from one reading.
 */
import { allStepsOf, placeOf, type SagaDefinition, type StepDefinition } from '../definition';
import { hasEnded, type Invocation, type Pause, type StepState } from '../engine';
import { INTERFERED, type Diagnosis, type DiagnosisCode, type DiagnosisSummary } from './diagnosis';
import { effectsOf } from './effects';
import { expectedOf } from './expected';
import type { Finding } from './finding';
import { explained, interferencesText } from './interference';
import { failureText, pauseSummary } from './pause-summary';
import type { ParticipantFacts, Situation } from './situation';
import { counted, lengthOf, times } from './texts';

/** A command that is not published after this time waits for the broker, or for an instance that died. */
const RELAYED_WITHIN_MS = 2_000;
/** A timer is late when it is this long overdue. */
const TIMERS_WITHIN_MS = 5_000;
/** A compensation that has failed this often is shown as failing. */
const FAILING_ATTEMPTS = 3;

/** The order in which findings are reported, where several steps wait: the first is the diagnosis. */
const BY_WEIGHT: readonly DiagnosisCode[] = [
  'broker-away',
  'timers-late',
  INTERFERED,
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

/** Returns why a saga stands where it stands; undefined when it has ended. */
export function diagnose(situation: Situation): Diagnosis | undefined {
  const { state } = situation;
  if (hasEnded(state)) return undefined;
  const [found, ...others] = findings(situation);
  const finding = found ?? unexplained(situation);
  const [next, afterwards] = expectedOf(situation);
  // The branches of a forEach often wait for the same reason, which is said once.
  const otherSummaries = new Set(others.map(({ summary }) => summary));
  otherSummaries.delete(finding.summary);
  const because = [...finding.because, ...otherSummaries, ...problems(situation)];
  return { ...finding, because, next, afterwards, effects: effectsOf(situation) };
}

/** Returns the code and the summary of a diagnosis alone, which cost less; undefined when the saga has ended. */
export function diagnosisSummary(situation: Situation): DiagnosisSummary | undefined {
  if (hasEnded(situation.state)) return undefined;
  const { code, summary, step } = findings(situation)[0] ?? unexplained(situation);
  return { code, summary, ...(step === undefined ? {} : { step }) };
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

function paused(situation: Situation, pause: Pause): Finding {
  const { state, deadLetters } = situation;
  const { at, step } = pause;
  const { code, summary } = pauseSummary(state, pause);
  const because = [
    ...instancesText(situation, pause),
    ...placeText(situation, pause),
    ...(deadLetters.length > 0 ? [lettersText(situation)] : []),
    ...interferencesText(situation),
  ];
  return { code, summary, since: at, because, ...(step === undefined ? {} : { step }) };
}

/** The pauses that a mistake in the definition may have caused. */
const BY_MISTAKE: ReadonlySet<Pause['reason']> = new Set([
  'engine-fault',
  'invalid-definition',
  'invalid-payload',
  'invalid-input',
]);

function placeText({ definition }: Situation, { reason, step }: Pause): string[] {
  if (definition === undefined || !BY_MISTAKE.has(reason)) return [];
  const place = placeOf(definition, step);
  const what = step === undefined ? nameOf(definition) : `The step ${step} of ${nameOf(definition)}`;
  return place === undefined ? [] : [`${what} is defined at ${place}`];
}

function instancesText(situation: Situation, { reason }: Pick<Pause, 'reason'>): string[] {
  return reason === 'definition-missing' ? runningInstances(situation) : [];
}

/** Which running orchestrators have the definition, when this one may not. */
function runningInstances({ instances, state }: Situation): string[] {
  if (instances === undefined) return [];
  const name = nameOf({ name: state.definition, version: state.version });
  return [
    instances.length === 0 ? `No running orchestrator has ${name}` : `${name} is registered in ${instances.join(', ')}`,
  ];
}

function nameOf({ name, version }: Pick<SagaDefinition, 'name' | 'version'>): string {
  return version === 0 ? name : `${name} v${version}`;
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
  situation: Situation,
  step: StepDefinition,
  { objection }: StepState,
  exchange: Invocation,
): Finding {
  const { now, changedAt } = situation;
  const { direction, attempt, wakeAt } = exchange;
  const command = commandOf(step, direction);
  const failing = direction === 'compensation' && attempt >= FAILING_ATTEMPTS;
  const finding: Finding = {
    code: failing ? 'compensation-failing' : 'backing-off',
    summary: `${command} has failed ${times(attempt)}, and is tried again in ${lengthOf(wakeAt - now)}`,
    since: changedAt,
    because: objection ? [`The last failure was ${failureText(objection)}`] : [],
    step: step.name,
  };
  return explained(situation, exchange.commandId, finding);
}

function waitingForReply(situation: Situation, step: StepDefinition, exchange: Invocation): Finding {
  const { participants, now } = situation;
  const { direction, commandId, sends, wakeAt } = exchange;
  const spec = direction === 'action' ? step.action : step.compensation;
  const awaited: Awaited = {
    step,
    commandId,
    sends,
    command: commandOf(step, direction),
    service: spec?.command.service ?? '',
    since: wakeAt - sends * (spec?.timeoutMs ?? 0),
  };
  const { command, service, since } = awaited;
  const { code, summary, because = [] } = whyNoReply(situation, awaited);
  const sent = sends > 1 ? [`${command} was sent ${times(sends)} under one id`] : [];
  const facts = step.child ? [] : factsText(service, participants.get(service) ?? {}, now);
  const finding: Finding = { code, summary, since, because: [...because, ...sent, ...facts], step: step.name };
  return explained(situation, commandId, finding);
}

/** A command whose reply a step waits for. */
interface Awaited {
  readonly step: StepDefinition;
  readonly commandId: string;
  readonly command: string;
  readonly service: string;
  readonly sends: number;
  /** When it was sent first. */
  readonly since: number;
}

function whyNoReply(
  { participants, unsent, deadLetters, brokerAway, now }: Situation,
  { step, commandId, command, service, sends, since }: Awaited,
): { code: DiagnosisCode; summary: string; because?: readonly string[] } {
  const facts = participants.get(service) ?? {};
  const unsentSince = unsent.get(commandId);
  const unsentFor = unsentSince === undefined ? 0 : now - unsentSince;
  const waits = `${command} has waited ${lengthOf(unsentFor)} in the outbox`;
  const isUnsent = unsentFor > RELAYED_WITHIN_MS;
  if (brokerAway)
    return {
      code: 'broker-away',
      summary: `The broker does not answer: ${command} or its reply is not delivered`,
      because: isUnsent ? [waits] : [],
    };
  if (isUnsent) return { code: 'not-relayed', summary: `${waits}: it is not published` };
  const letter = deadLetters.find(({ messageId }) => messageId === commandId);
  if (letter)
    return {
      code: 'dead-letter',
      summary: `${service} could not process ${command}, and dead-lettered it: ${letter.reason}`,
    };
  if (step.child)
    return { code: 'waiting-for-child', summary: `It waits for its child saga ${step.child.name} to end` };
  if (facts.members === 0) return { code: 'no-consumer', summary: `No instance of ${service} reads its commands` };
  if (sends > 1 && (facts.answeredAt ?? 0) < since)
    return { code: 'participant-silent', summary: `${service} has answered nobody since ${command} was sent` };
  if ((facts.lag ?? 0) > 1)
    return {
      code: 'lagging',
      summary: `${service} is ${counted(facts.lag ?? 0, 'command')} behind, and ${command} waits for its turn`,
    };
  return { code: 'waiting-for-reply', summary: `It waits for the reply of ${service} to ${command}` };
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

function unexplained(situation: Situation): Finding {
  const { state, definition, changedAt } = situation;
  if (definition === undefined) {
    const summary = `This instance does not have ${state.definition} v${state.version}; another one runs the saga`;
    return { code: 'definition-missing', summary, since: changedAt, because: runningInstances(situation) };
  }
  return { code: 'waiting-for-reply', summary: 'Its next step begins in this moment', since: changedAt, because: [] };
}

function commandOf(step: StepDefinition, direction: Invocation['direction']): string {
  return (direction === 'action' ? step.action : step.compensation)?.command.name ?? step.name;
}
