import type { Admin } from '../api/schemas';

type Effect = Admin['EffectRequest'];

/** What an effect does, for people. */
export const effectText: Readonly<Record<Effect['type'], string>> = {
  refuse: 'is refused',
  fail: 'fails',
  delay: 'is delayed',
  hang: 'hangs',
  'drop-reply': 'loses its reply',
  'duplicate-reply': 'replies twice',
  'late-reply': 'replies late',
  poison: 'arrives with invalid data',
  crash: 'kills the process',
};

/** When a fault strikes, for people. */
export const pointText: Readonly<Record<Admin['FaultRequest']['point'], string>> = {
  received: 'when it arrives',
  'before-handler': 'before its handler',
  'before-commit': 'before the commit',
  'after-commit': 'after the commit, before the reply',
  'before-publish': 'as the reply leaves',
  'after-publish': 'after the reply has left',
};

/** The effects that take a time, and the usual one. */
export const usualMs: Readonly<Partial<Record<Effect['type'], number>>> = { delay: 2_000, 'late-reply': 8_000 };

/** A fault, armed or not yet. */
export type NamedFault = Pick<Admin['FaultRequest'], 'service' | 'command' | 'point' | 'effect' | 'subject'> & {
  readonly direction?: string;
};

/** A fault of the operator log, which keeps any object; undefined for one that this console cannot tell. */
export function recordedFault(value: unknown): NamedFault | undefined {
  const { service, point, effect } = (value ?? {}) as Partial<NamedFault>;
  const isKnown =
    typeof service === 'string' &&
    Object.keys(pointText).includes(`${point}`) &&
    Object.keys(effectText).includes(`${effect?.type}`);
  return isKnown ? (value as NamedFault) : undefined;
}

/** `payment.capture loses its reply as the reply leaves` */
export function faultText({ service, command, direction, point, effect, subject }: NamedFault): string {
  const what = command ?? `every command of ${service}`;
  const where = direction === undefined ? '' : direction === 'action' ? ', as an action' : ', as a compensation';
  const ms = effect.ms === undefined ? '' : ` by ${(effect.ms / 1_000).toLocaleString('en')} s`;
  const why = effect.reason === undefined ? '' : ` (${effect.reason})`;
  const whose = subject === undefined ? '' : `, of ${subject}`;
  return `${what}${where}${whose} ${effectText[effect.type]}${ms}${why} ${pointText[point]}`;
}
