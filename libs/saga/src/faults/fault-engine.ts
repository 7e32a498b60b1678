import { refuse, SagaError, type Refusal } from '../contract';
import { contextFields, printable, sleep, type HookContext, type Log } from '../messaging';
import type { FaultCatalog } from './catalog';
import { readFaults } from './fault-header';
import { DEFAULT_MS, isOver, matches, type FaultPoint, type FaultRule } from './fault-rule';
import type { Hits } from './hits';

/** What a handler that a fault let fail seems to have thrown. */
export class FaultStruckError extends SagaError {
  readonly code = 'fault-struck';
}

const LOOK_EVERY_MS = 100;

/** Decides, in one process, which messages are struck, and does it. */
export class FaultEngine {
  /** What faults there can be; undefined while this is not known yet. */
  catalog: FaultCatalog | undefined;
  private rules: readonly FaultRule[] = [];
  private readonly closing = new AbortController();
  /** Called when something struck, so that somebody is told. */
  onHit: () => void = () => undefined;

  constructor(
    readonly service: string,
    private readonly hits: Hits,
    private readonly log: Log,
  ) {}

  /** Whether a message that asks for nothing itself may be struck. */
  get isArmed(): boolean {
    return this.rules.length > 0;
  }

  /** Replaces what was armed before. */
  arm(rules: readonly FaultRule[], catalog: FaultCatalog): void {
    this.rules = rules.filter(({ service }) => service === this.service);
    this.catalog = catalog;
  }

  async strike(point: FaultPoint, target: HookContext): Promise<Refusal | undefined> {
    const rule = await this.struckBy(point, target);
    return rule && this.perform(rule);
  }

  /** The rule that strikes this message here, its hit recorded; for whoever performs the effect himself. */
  async struckBy(point: FaultPoint, target: HookContext): Promise<FaultRule | undefined> {
    for (const rule of this.rulesFor(target)) {
      if (isOver(rule) || !matches(rule, this.service, point, target)) continue;
      const recorded = await this.hits.record(rule, point, target);
      if (recorded === 'struck') {
        this.log.warn(`a fault strikes: ${rule.effect.type} ${point} of ${target.command}, saga ${target.sagaId}`, {
          event: 'fault-struck',
          ...contextFields(target),
        });
        this.onHit();
        return rule;
      }
      // An answer is a message's for good: when its flush runs again, it must not be another.
      if (recorded === 'again' && ['refuse', 'fail'].includes(rule.effect.type)) return rule;
    }
    return undefined;
  }

  async perform(rule: FaultRule): Promise<Refusal | undefined> {
    const { type, reason = '', ms = DEFAULT_MS[type] ?? 0 } = rule.effect;
    switch (type) {
      case 'refuse':
        return refuse(reason, 'A fault on demand refused it.');
      case 'fail':
        throw new FaultStruckError(`The fault ${rule.id} struck.`);
      case 'delay':
        await sleep(ms, this.closing.signal);
        return undefined;
      case 'hang':
        await this.hang(rule, Date.now() + ms);
        return undefined;
      case 'crash':
        return crash();
      default:
        return undefined;
    }
  }

  /** Ends every wait. */
  close(): void {
    this.closing.abort();
  }

  private rulesFor(target: HookContext): readonly FaultRule[] {
    const fault = target.carried?.sagafault;
    return fault === undefined ? this.rules : [...this.rules, ...this.asked(fault, target)];
  }

  private asked(fault: string, target: HookContext): readonly FaultRule[] {
    try {
      return readFaults(fault, target.sagaId);
    } catch (error) {
      const text = `saga ${target.sagaId} asks for a fault that cannot be understood: ${String(error)}`;
      this.log.warn(printable(text), contextFields(target));
      return [];
    }
  }

  /** Until the rule is disarmed or over, or its time is up. */
  private async hang(rule: FaultRule, untilMs: number): Promise<void> {
    const isArmed = (): boolean => this.rules.some(({ id }) => id === rule.id);
    // A rule that one saga asked for is armed nowhere, and cannot be disarmed.
    const canBeDisarmed = isArmed();
    const ends = (): boolean => Date.now() >= untilMs || isOver(rule) || (canBeDisarmed && !isArmed());
    while (!ends() && !this.closing.signal.aborted) await sleep(LOOK_EVERY_MS, this.closing.signal);
  }
}

/** As the out-of-memory killer or the power do it: nothing of this process runs after this. */
function crash(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
