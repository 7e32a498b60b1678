/*
 * Looks after the holds: reads them, tells and hears how participants answer, probes those that are held by themselves, and
 * lets go on what waited for a hold that has ended, the oldest first and no faster than the participants answer.
 */
import { v7 as uuidV7 } from 'uuid';
import type { DefinitionRegistry } from '../../definition';
import { RecurringTask, type Log } from '../../messaging';
import type { SagaRunner } from '../saga-runner';
import { heldKeys } from './hold';
import type { HoldStore } from './hold-store';
import type { Holds } from './holds';
import type { ParticipantHealth } from './participant-health';

const EVERY_MS = 1_000;
/** How far apart probes get. */
const LONGEST_MS = 30_000;
/** How many sagas are let go on in a second at least; beyond that, twice as many as were answered in the last one. */
const LEAST_RELEASED = 20;
const MOST_RELEASED = 1_000;

export class HoldKeeper {
  private readonly instance = uuidV7();
  private readonly task: RecurringTask;

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

  private async look(): Promise<boolean> {
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
    for (const hold of await this.store.claimProbes(LONGEST_MS)) {
      const commands = this.registry.all().flatMap((definition) => heldKeys([hold], definition));
      const step = await this.store.claimProbed([...new Set(commands)]);
      if (step) await this.runner.advance([{ sagaId: step.sagaId, event: { kind: 'probed', step: step.step } }]);
    }
  }

  /** Lets as many sagas go on as may now. */
  private async release(): Promise<void> {
    const definitions = this.registry.all().map((definition) => ({
      name: definition.name,
      version: definition.version,
      held: this.holds.heldOf(definition) ?? [],
    }));
    const released = await this.store.claimReleased(this.mostAnswered(), definitions);
    if (released.length === 0) return;
    const sagaIds = new Set(released.map(({ sagaId }) => sagaId));
    await this.runner.advance([...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })));
  }

  private mostAnswered(): number {
    return Math.min(MOST_RELEASED, Math.max(LEAST_RELEASED, 2 * this.health.successesWithin(EVERY_MS)));
  }
}
