/* When an orchestrator holds commands by itself, as an application says it. */
import { ConfigurationError } from '../contract';
import { milliseconds, type Duration } from '../definition';

/** What shows that a participant is away, and not that one saga has a fault of its own. */
export interface HoldAfter {
  /** For so long nobody had an answer to a command, although one is owed. @default '10s' */
  readonly silence?: Duration;
  readonly failures?: {
    /** So large a share of the answers to a command were failures; above 0, and 1 at most. @default 0.5 */
    readonly share?: number;
    /** Of the answers that came in this time. @default '10s' */
    readonly within?: Duration;
    /** And there were so many failures at least. @default 20 */
    readonly atLeast?: number;
  };
}

/** When commands are held without anybody asking for it; `'never'` for holds by hand alone. */
export type HoldSettings =
  | 'never'
  | (HoldAfter & {
      /** In place of the general rule, for commands of these services. */
      readonly services?: Readonly<Record<string, HoldAfter | 'never'>>;
      /** In place of both, for sagas of these definitions. */
      readonly definitions?: Readonly<Record<string, HoldAfter | 'never'>>;
    });

/** {@link HoldAfter} in milliseconds, and complete. */
export interface HoldRule {
  readonly silenceMs: number;
  readonly failures: { readonly share: number; readonly withinMs: number; readonly atLeast: number };
}

export const HOLD_RULE: HoldRule = {
  silenceMs: 10_000,
  failures: { share: 0.5, withinMs: 10_000, atLeast: 20 },
};

/** Which rule holds for a command that a saga waits for. */
export class HoldRules {
  private readonly general: HoldRule | undefined;
  private readonly ofServices: ReadonlyMap<string, HoldRule | undefined>;
  private readonly ofDefinitions: ReadonlyMap<string, HoldRule | undefined>;

  /** @throws ConfigurationError for what is no duration, no share or no count. */
  constructor(settings: HoldSettings = {}) {
    this.general = ruleOf(settings);
    const { services = {}, definitions = {} } = settings === 'never' ? {} : settings;
    this.ofServices = new Map(Object.entries(services).map(([name, after]) => [name, ruleOf(after)]));
    this.ofDefinitions = new Map(Object.entries(definitions).map(([name, after]) => [name, ruleOf(after)]));
  }

  /** Undefined when such commands are held by hand alone. */
  for(definition: string, service: string): HoldRule | undefined {
    if (this.ofDefinitions.has(definition)) return this.ofDefinitions.get(definition);
    return this.ofServices.has(service) ? this.ofServices.get(service) : this.general;
  }

  /** How far any rule looks back on answers. */
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
