/*
 * Faults for one saga, as the header X-Saga-Fault writes them: a dictionary of structured fields (RFC 9651) from a command
 * to its effect, with the fields of a rule as parameters.
 *
 *   payment.capture=drop-reply, payment.void=fail;count=2, inventory.reserve-stock=crash;point=before-commit
 */
import { SagaError, type Direction } from '../contract';
import { START, USUAL_POINT } from './catalog';
import { EFFECTS, FAULT_POINTS, type EffectType, type FaultPoint, type FaultRule } from './fault-rule';

export class UnreadableFaultError extends SagaError {
  readonly code = 'unreadable-fault';
}

const MEMBER = /^([a-z][a-z0-9.-]*)=([a-z-]+)$/;
const PARAMETER = /^([a-z]+)=([\w.-]+)$/;
const DIRECTIONS: readonly Direction[] = ['action', 'compensation'];
const YES_OR_NO = ['yes', 'no'] as const;

/** The rules that a header asks for; each strikes once unless it says otherwise. Throws an UnreadableFaultError. */
export function readFaults(header: string, sagaId: string): FaultRule[] {
  return header.split(',').map((member, index) => ruleOf(member.trim(), `${sagaId}/${index}`));
}

function ruleOf(member: string, id: string): FaultRule {
  const [named = '', ...rest] = member.split(';');
  const [, command = '', type = ''] = MEMBER.exec(named) ?? [];
  if (!command)
    throw new UnreadableFaultError(`"${named}" is no fault; write command=effect, such as payment.capture=drop-reply.`);
  const effect = oneOf('effect', type, EFFECTS);
  const parameters = parametersOf(rest);
  const take = (name: string): string | undefined => {
    const value = parameters.get(name);
    parameters.delete(name);
    return value;
  };
  const number = (name: string, least: number): number | undefined => wholeNumber(name, least, take(name));
  const rule = {
    id,
    command,
    service: take('service') ?? serviceOf(command),
    point: pointOf(take('point'), effect),
    direction: directionOf(take('direction')),
    effect: { type: effect, reason: take('reason'), ms: number('ms', 1) },
    attempt: number('attempt', 1),
    skip: number('skip', 0),
    count: number('count', 1) ?? 1,
    every: oneOf('parameter every', take('every') ?? 'no', YES_OR_NO) === 'yes',
  };
  const [unknown] = parameters.keys();
  if (unknown !== undefined)
    throw new UnreadableFaultError(
      `${unknown} is no parameter of a fault; there are service, point, direction, reason, ms, attempt, skip, count and every (yes or no).`,
    );
  return rule;
}

function parametersOf(texts: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const text of texts) {
    const [, name, value] = PARAMETER.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UnreadableFaultError(`"${text}" is no parameter of a fault; write name=value, such as count=2.`);
    if (parameters.has(name)) throw new UnreadableFaultError(`The parameter ${name} of a fault is given twice.`);
    parameters.set(name, value);
  }
  return parameters;
}

/** Whoever starts a saga is told by nothing in the message; the service must be named for those. */
function serviceOf(command: string): string {
  if (command === START) throw new UnreadableFaultError(`${START} needs ;service=, the service that sends it.`);
  return command.split('.')[0] ?? '';
}

function pointOf(text: string | undefined, effect: EffectType): FaultPoint {
  return text === undefined ? USUAL_POINT[effect] : oneOf('point', text, FAULT_POINTS);
}

function directionOf(text: string | undefined): Direction | undefined {
  return text === undefined ? undefined : oneOf('direction', text, DIRECTIONS);
}

function oneOf<const T extends string>(what: string, text: string, possible: readonly T[]): T {
  const found = possible.find((each) => each === text);
  if (found === undefined)
    throw new UnreadableFaultError(`The ${what} of a fault must be one of ${possible.join(', ')}.`);
  return found;
}

function wholeNumber(name: string, least: number, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > 600_000)
    throw new UnreadableFaultError(`The parameter ${name} of a fault must be a whole number from ${least} to 600000.`);
  return value;
}
