import { isKey, MAX_KEY_LENGTH, refuse, SagaError, type Refusal } from '../contract';
import {
  sleep,
  printable,
  type FaultPoint,
  type Faults,
  type FaultTarget,
  type Log,
  type Transport,
} from '../messaging';
import { impossible, type FaultCatalog } from './catalog';
import { readFaults, UnreadableFaultError } from './fault-header';
import { DEFAULT_MS, matches, type FaultRule } from './fault-rule';
import { FaultyTransport } from './faulty-transport';
import type { Hits } from './hits';
import { ImpossibleFaultException } from './invalid-fault';

/** What a handler that a fault let fail seems to have thrown. */
export class FaultStruckError extends SagaError {
  readonly code = 'fault-struck';
}

const LOOK_EVERY_MS = 100;

/** Decides, in one process, which messages are struck, and does it. */
export class FaultEngine implements Faults {
  private rules: readonly FaultRule[] = [];
  private catalog: FaultCatalog | undefined;
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

  around(transport: Transport): Transport {
    return new FaultyTransport(transport, this, this.log);
  }

  /** @throws ImpossibleFaultException, which HTTP answers with 422. */
  check(fault: string): void {
    // It travels as an attribute of the saga's messages, whose length is limited.
    if (!isKey(fault)) {
      const problem = `must have at most ${MAX_KEY_LENGTH} characters, and no NUL`;
      throw new ImpossibleFaultException([{ field: 'X-Saga-Fault', problem }]);
    }
    try {
      const problems = readFaults(fault, '').flatMap((rule) => (this.catalog && impossible(rule, this.catalog)) ?? []);
      if (problems.length > 0) throw new ImpossibleFaultException(problems);
    } catch (error) {
      if (!(error instanceof UnreadableFaultError)) throw error;
      throw new ImpossibleFaultException([{ field: 'X-Saga-Fault', problem: `cannot be read: ${error.message}` }]);
    }
  }

  async strike(point: FaultPoint, target: FaultTarget): Promise<Refusal | undefined> {
    const rule = await this.struckBy(point, target);
    return rule && this.perform(rule);
  }

  /** The rule that strikes this message here, its hit recorded; for whoever performs the effect himself. */
  async struckBy(point: FaultPoint, target: FaultTarget): Promise<FaultRule | undefined> {
    for (const rule of this.rulesFor(target)) {
      if (isOver(rule) || !matches(rule, this.service, point, target)) continue;
      const recorded = await this.hits.record(rule, point, target);
      if (recorded === 'struck') {
        this.log.warn(`a fault strikes: ${rule.effect.type} ${point} of ${target.command}, saga ${target.sagaId}`);
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

  private rulesFor({ fault, sagaId }: FaultTarget): readonly FaultRule[] {
    return fault === undefined ? this.rules : [...this.rules, ...this.asked(fault, sagaId)];
  }

  private asked(fault: string, sagaId: string): readonly FaultRule[] {
    try {
      return readFaults(fault, sagaId);
    } catch (error) {
      this.log.warn(printable(`saga ${sagaId} asks for a fault that cannot be understood: ${String(error)}`));
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

function isOver({ expiresAt = Number.POSITIVE_INFINITY }: FaultRule): boolean {
  return Date.now() >= expiresAt;
}

/** As the out-of-memory killer or the power do it: nothing of this process runs after this. */
function crash(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}
