import { createHash } from 'node:crypto';
import type { Direction } from '../contract';
import type { HookContext } from '../messaging';

/** Places on a message's way through a service where a fault may strike it, in their order. */
export const FAULT_POINTS = [
  'received',
  'before-handler',
  'before-commit',
  'after-commit',
  'before-publish',
  'after-publish',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export const EFFECTS = [
  'refuse',
  'fail',
  'delay',
  'hang',
  'drop-reply',
  'duplicate-reply',
  'late-reply',
  'poison',
  'crash',
] as const;
export type EffectType = (typeof EFFECTS)[number];

export interface Effect {
  readonly type: EffectType;
  /** Of a refusal: one that the command's contract declares. */
  readonly reason?: string | undefined;
  /** How long to delay, to hang at most, or how late a reply comes. */
  readonly ms?: number | undefined;
}

/** What strikes whom, where, and how often. What is not said matches everything. */
export interface FaultRule {
  readonly id: string;
  /** The service in whose process it strikes. */
  readonly service: string;
  readonly command?: string | undefined;
  readonly direction?: Direction | undefined;
  /** Business key. */
  readonly subject?: string | undefined;
  readonly attempt?: number | undefined;
  readonly point: FaultPoint;
  readonly effect: Effect;
  /** Which share of business keys it strikes; the same ones whenever the seed is the same. */
  readonly probability?: number | undefined;
  readonly seed?: string | undefined;
  /** How many messages pass before it strikes. */
  readonly skip?: number | undefined;
  /** How many messages it strikes. */
  readonly count?: number | undefined;
  /** Whether it strikes a message each time that it passes, and not once only. */
  readonly every?: boolean | undefined;
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt?: number | undefined;
}

/** How long a reply is late, a message delayed or a process hangs, unless the rule says. */
export const DEFAULT_MS: Readonly<Partial<Record<EffectType, number>>> = {
  delay: 1_000,
  hang: 60_000,
  'late-reply': 10_000,
};

/** Whether this rule is meant for this message at this point. A pure function of both. */
export function matches(rule: FaultRule, service: string, point: FaultPoint, target: HookContext): boolean {
  return (
    rule.point === point &&
    rule.service === service &&
    (rule.command === undefined || rule.command === target.command) &&
    (rule.direction === undefined || rule.direction === target.direction) &&
    (rule.subject === undefined || rule.subject === target.subject) &&
    (rule.attempt === undefined || rule.attempt === target.attempt) &&
    isChosen(rule, target)
  );
}

/** True when its time is over. */
export function isOver({ expiresAt = Number.POSITIVE_INFINITY }: FaultRule): boolean {
  return Date.now() >= expiresAt;
}

/** Draws by the business key, so that a run with the same seed and keys repeats. */
function isChosen({ probability = 1, seed = '' }: FaultRule, { subject, sagaId }: HookContext): boolean {
  if (probability >= 1) return true;
  const digest = createHash('sha256')
    .update(`${seed}/${subject ?? sagaId}`)
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32 < probability;
}
