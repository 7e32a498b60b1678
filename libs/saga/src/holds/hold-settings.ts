/* The settings for holds that an orchestrator places itself. */
import { ConfigurationError } from '../contract';
import { milliseconds, type Duration } from '../definition';

/** The signs that a participant is away, as opposed to a fault of one saga. */
export interface HoldAfter {
  /** No command was answered for this time although one waits. @default '10s' */
  readonly silence?: Duration;
  readonly failures?: {
    /** The share of failures among the replies to a command; above 0, and at most 1. @default 0.5 */
    readonly share?: number;
    /** The time window in which replies count. @default '10s' */
    readonly within?: Duration;
    /** The least number of failures in that window. @default 20 */
    readonly atLeast?: number;
  };
}

/** When commands are held automatically; `'never'` if only operators place holds. */
export type HoldSettings =
  | 'never'
  | (HoldAfter & {
      /** Replaces the general rule for commands of these services. */
      readonly services?: Readonly<Record<string, HoldAfter | 'never'>>;
      /** Replaces both for sagas of these definitions. */
      readonly definitions?: Readonly<Record<string, HoldAfter | 'never'>>;
    });

/** {@link HoldAfter} in milliseconds, with every default filled in. */
export interface HoldRule {
  readonly silenceMs: number;
  readonly failures: { readonly share: number; readonly withinMs: number; readonly atLeast: number };
}

export const HOLD_RULE: HoldRule = {
  silenceMs: 10_000,
  failures: { share: 0.5, withinMs: 10_000, atLeast: 20 },
};

/** Chooses the rule for a command that a saga waits for. */
export class HoldRules {
  private readonly general: HoldRule | undefined;
  private readonly ofServices: ReadonlyMap<string, HoldRule | undefined>;
  private readonly ofDefinitions: ReadonlyMap<string, HoldRule | undefined>;

  /** @throws ConfigurationError for an invalid duration, share or count */
  constructor(settings: HoldSettings = {}) {
    this.general = ruleOf(settings);
    const { services = {}, definitions = {} } = settings === 'never' ? {} : settings;
    this.ofServices = new Map(Object.entries(services).map(([name, after]) => [name, ruleOf(after)]));
    this.ofDefinitions = new Map(Object.entries(definitions).map(([name, after]) => [name, ruleOf(after)]));
  }

  /** Undefined when only operators hold such commands. */
  for(definition: string, service: string): HoldRule | undefined {
    if (this.ofDefinitions.has(definition)) return this.ofDefinitions.get(definition);
    return this.ofServices.has(service) ? this.ofServices.get(service) : this.general;
  }

  /** How far back any rule looks at replies. */
  get longestWithinMs(): number {
    const rules = [this.general, ...this.ofServices.values(), ...this.ofDefinitions.values()];
    return Math.max(0, ...rules.map((rule) => rule?.failures.withinMs ?? 0));
  }
}

function ruleOf(after: HoldAfter | 'never'): HoldRule | undefined {
  if (after === 'never') return undefined;
  const { silence, failures: { share = HOLD_RULE.failures.share, within, atLeast = HOLD_RULE.failures.atLeast } = {} } =
    after;
  if (!(share > 0 && share <= 1))
    throw new ConfigurationError(`holdAfter.failures.share is ${share}; it must be above 0, and 1 at most.`);
  if (!Number.isSafeInteger(atLeast) || atLeast < 1)
    throw new ConfigurationError(`holdAfter.failures.atLeast is ${atLeast}; it must be a whole number, 1 or more.`);
  return {
    silenceMs: silence === undefined ? HOLD_RULE.silenceMs : milliseconds(silence),
    failures: { share, withinMs: within === undefined ? HOLD_RULE.failures.withinMs : milliseconds(within), atLeast },
  };
}
