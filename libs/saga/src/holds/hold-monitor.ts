/*
 * Runs the holds: reads them, shares the health of participants with other instances, probes automatic holds, and
 * releases sagas whose hold has ended, the longest held first and no faster than the participants answer.
 */
import { v7 as uuidV7 } from 'uuid';
import type { DefinitionRegistry, SagaDefinition } from '../definition';
import type { SagaEvent } from '../engine';
import { RecurringTask, type Log } from '../messaging';
import { heldKeys, type Hold } from './hold';
import type { HeldStep } from './held-step';
import type { HeldDefinition, HoldStore } from './hold-store';
import { ORCHESTRATOR, type Holds } from './holds';
import type { ParticipantHealth } from './participant-health';

/** The longest time between two probes. */
const LONGEST_MS = 30_000;
/**
 * How many released sagas may wait for the reply to a command: twice as many as succeeded in the last second, so that a
 * participant has enough to do to become faster, and each waits for about two seconds. A rate alone would not do:
 * commands that arrive faster than they are answered queue up at the participant until sagas give up on them.
 */
const LEAST_UNDER_WAY = 20;
const MOST_UNDER_WAY = 2_000;
/** After this many runs that found nothing more of a hold that ended with a rate, the rate no longer applies. */
const EMPTY_RUNS = 10;

/** Hands events to the engine, for sagas that were probed or released. */
interface Runner {
  advance(inputs: readonly { readonly sagaId: string; readonly event: SagaEvent }[]): Promise<unknown>;
}

interface HoldMonitorOptions {
  readonly registry: DefinitionRegistry;
  readonly store: HoldStore;
  readonly holds: Holds;
  readonly health: ParticipantHealth;
  readonly runner: Runner;
  readonly log: Log;
  /** @default 1000 */
  readonly everyMs?: number;
}

export class HoldMonitor {
  private readonly registry: DefinitionRegistry;
  private readonly store: HoldStore;
  private readonly holds: Holds;
  private readonly health: ParticipantHealth;
  private readonly runner: Runner;
  private readonly instance = uuidV7();
  private readonly task: RecurringTask;
  /** How many consecutive runs found nothing that waited for a hold that ended with a rate, by its id. */
  private readonly emptyRuns = new Map<string, number>();

  constructor({ registry, store, holds, health, runner, log, everyMs = 1_000 }: HoldMonitorOptions) {
    this.registry = registry;
    this.store = store;
    this.holds = holds;
    this.health = health;
    this.runner = runner;
    this.task = new RecurringTask({ name: 'check the holds', everyMs, work: () => this.run(), log });
  }

  start(): void {
    this.task.start();
  }

  /** A hold was placed or has ended. */
  trigger(): void {
    this.task.trigger();
  }

  /** Why held sagas do not continue; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** One run; the task calls it every second. */
  async run(): Promise<boolean> {
    this.health.setOthers(await this.store.exchangeHealth(this.instance, this.health.share()));
    await this.holds.refresh();
    if (this.holds.all.length > 0) {
      await this.holds.endExpired();
      await this.probe();
    }
    await this.release();
    return false;
  }

  private async probe(): Promise<void> {
    const byHand = this.holds.all.filter(({ cause }) => cause === 'by-hand');
    for (const hold of await this.store.claimProbes(LONGEST_MS)) {
      const commands = new Set(this.registry.all().flatMap((definition) => heldKeys([hold], definition)));
      // A hold of another release, which has the definitions that it concerns.
      if (commands.size === 0) continue;
      const notHeldByHand = this.definitions((definition) => ({ held: heldKeys(byHand, definition) }));
      const step = await this.store.claimProbed([...commands], notHeldByHand);
      if (step) await this.runner.advance([{ sagaId: step.sagaId, event: { kind: 'probed', step: step.step } }]);
      // If the participant is still away, the next command shows it.
      else await this.holds.end(hold.id, { by: ORCHESTRATOR, reason: 'no saga waits for it' });
    }
  }

  /** Releases as many sagas as may continue now: those whose hold ended with a rate at that rate, then all others. */
  private async release(): Promise<void> {
    const slow = (await this.store.endedWithRate()).filter(({ id }) => (this.emptyRuns.get(id) ?? 0) < EMPTY_RUNS);
    for (const hold of slow) await this.releaseAtItsRate(hold);
    const others = this.definitions((definition) => ({
      held: [...this.heldOf(definition), ...heldKeys(slow, definition)],
    }));
    const commands = await this.store.heldCommands();
    this.holds.releasing = slow.length > 0 || commands.some(({ underWay }) => underWay > 0);
    for (const { command, underWay } of commands) {
      const room = this.mostUnderWay(command) - underWay;
      if (room > 0) await this.releaseSagas(await this.store.claimReleased(room, others, command));
    }
  }

  private async releaseAtItsRate(hold: Hold): Promise<void> {
    const its = this.definitions((definition) => ({ held: this.heldOf(definition), of: heldKeys([hold], definition) }));
    const released = await this.store.claimReleased(hold.ended?.rate ?? LEAST_UNDER_WAY, its);
    await this.releaseSagas(released);
    this.emptyRuns.set(hold.id, released.length > 0 ? 0 : (this.emptyRuns.get(hold.id) ?? 0) + 1);
  }

  private async releaseSagas(steps: readonly HeldStep[]): Promise<void> {
    if (steps.length === 0) return;
    this.holds.releasing = true;
    const sagaIds = new Set(steps.map(({ sagaId }) => sagaId));
    await this.runner.advance([...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })));
  }

  private heldOf(definition: SagaDefinition): readonly string[] {
    return this.holds.heldOf(definition) ?? [];
  }

  private definitions(keysOf: (definition: SagaDefinition) => Pick<HeldDefinition, 'held' | 'of'>): HeldDefinition[] {
    return this.registry.all().map((each) => ({ name: each.name, version: each.version, ...keysOf(each) }));
  }

  private mostUnderWay(command: string): number {
    const most = 2 * Math.ceil(this.health.successesPerSecond(command));
    return Math.min(MOST_UNDER_WAY, Math.max(LEAST_UNDER_WAY, most));
  }
}
