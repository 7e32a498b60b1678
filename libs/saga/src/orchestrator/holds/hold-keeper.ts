/*
 * Looks after the holds: reads them, tells and hears how participants answer, probes those that are held by themselves, and
 * lets go on what waited for a hold that has ended, the oldest first and no faster than the participants answer.
 */
import { v7 as uuidV7 } from 'uuid';
import type { DefinitionRegistry, SagaDefinition } from '../../definition';
import { RecurringTask, type Log } from '../../messaging';
import type { SagaRunner } from '../saga-runner';
import { heldKeys, type Hold } from './hold';
import type { HeldDefinition, HeldStep, HoldStore } from './hold-store';
import type { Holds } from './holds';
import type { ParticipantHealth } from './participant-health';

const EVERY_MS = 1_000;
/** How far apart probes get. */
const LONGEST_MS = 30_000;
/** How many sagas are let go on in a second at least; beyond that, twice as many as were answered in the last one. */
const LEAST_RELEASED = 20;
const MOST_RELEASED = 1_000;
/** After so many looks that found nothing more of a hold that ended with a rate, the rate is over. */
const EMPTY_LOOKS = 10;

export class HoldKeeper {
  private readonly instance = uuidV7();
  private readonly task: RecurringTask;
  /** How many looks in a row found nothing that waited for a hold that ended with a rate, by its id. */
  private readonly emptyLooks = new Map<string, number>();

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: HoldStore,
    private readonly holds: Holds,
    private readonly health: ParticipantHealth,
    private readonly runner: SagaRunner,
    log: Log,
    everyMs = EVERY_MS,
  ) {
    this.task = new RecurringTask({ name: 'look after the holds', everyMs, work: () => this.look(), log });
  }

  start(): void {
    this.task.start();
  }

  /** A hold was placed or has ended. */
  hurry(): void {
    this.task.hurry();
  }

  /** Why held sagas do not go on; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** One look, as it is taken every second. */
  async look(): Promise<boolean> {
    this.health.hear(await this.store.exchangeHealth(this.instance, this.health.share()));
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
      const commands = this.registry.all().flatMap((definition) => heldKeys([hold], definition));
      const untouched = this.definitions((definition) => ({ held: heldKeys(byHand, definition) }));
      const step = await this.store.claimProbed([...new Set(commands)], untouched);
      if (step) await this.runner.advance([{ sagaId: step.sagaId, event: { kind: 'probed', step: step.step } }]);
    }
  }

  /** Lets as many sagas go on as may now: those whose hold ended with a rate at that rate, then all others. */
  private async release(): Promise<void> {
    const slow = (await this.store.endedWithRate()).filter(({ id }) => (this.emptyLooks.get(id) ?? 0) < EMPTY_LOOKS);
    for (const hold of slow) await this.releaseAtItsRate(hold);
    const others = this.definitions((definition) => ({
      held: [...this.heldOf(definition), ...heldKeys(slow, definition)],
    }));
    await this.letGo(await this.store.claimReleased(this.mostAnswered(), others));
  }

  private async releaseAtItsRate(hold: Hold): Promise<void> {
    const its = this.definitions((definition) => ({ held: this.heldOf(definition), of: heldKeys([hold], definition) }));
    const released = await this.store.claimReleased(hold.ended?.rate ?? LEAST_RELEASED, its);
    await this.letGo(released);
    this.emptyLooks.set(hold.id, released.length > 0 ? 0 : (this.emptyLooks.get(hold.id) ?? 0) + 1);
  }

  private async letGo(steps: readonly HeldStep[]): Promise<void> {
    if (steps.length === 0) return;
    const sagaIds = new Set(steps.map(({ sagaId }) => sagaId));
    await this.runner.advance([...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })));
  }

  private heldOf(definition: SagaDefinition): readonly string[] {
    return this.holds.heldOf(definition) ?? [];
  }

  private definitions(keysOf: (definition: SagaDefinition) => Pick<HeldDefinition, 'held' | 'of'>): HeldDefinition[] {
    return this.registry.all().map((each) => ({ name: each.name, version: each.version, ...keysOf(each) }));
  }

  private mostAnswered(): number {
    return Math.min(MOST_RELEASED, Math.max(LEAST_RELEASED, 2 * this.health.successesWithin(EVERY_MS)));
  }
}
