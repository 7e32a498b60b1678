/*
 * Looks after the holds: reads them, tells and hears how participants answer, probes those that are held by themselves, and
 * lets go on what waited for a hold that has ended, the oldest first and no faster than the participants answer.
 */
import { v7 as uuidV7 } from 'uuid';
import { commandsOf, type DefinitionRegistry } from '../../definition';
import { RecurringTask, type Log } from '../../messaging';
import type { SagaRunner } from '../saga-runner';
import { heldKeys } from './hold';
import type { HoldStore, MostUnderWay } from './hold-store';
import { ORCHESTRATOR, type Holds } from './holds';
import type { ParticipantHealth } from './participant-health';

const EVERY_MS = 1_000;
/** How far apart probes get. */
const LONGEST_MS = 30_000;
/**
 * So many sagas that were let go on wait for the answer to a command: for twice as many as were answered in the last second, so
 * that a participant has enough to do to become faster, and each waits for two seconds. A rate alone would not do: what comes
 * faster than it is answered piles up at the participant, until sagas give up on it.
 */
const LEAST_UNDER_WAY = 20;
const MOST_UNDER_WAY = 2_000;

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
      const commands = new Set(this.registry.all().flatMap((definition) => heldKeys([hold], definition)));
      // Of another release, which has the definitions that it concerns.
      if (commands.size === 0) continue;
      const step = await this.store.claimProbed([...commands]);
      if (step) await this.runner.advance([{ sagaId: step.sagaId, event: { kind: 'probed', step: step.step } }]);
      // Whoever asks next finds out.
      else await this.holds.end(hold.id, { by: ORCHESTRATOR, reason: 'nobody waits for it' });
    }
  }

  /** Lets as many sagas go on as may now. */
  private async release(): Promise<void> {
    this.holds.releasing = await this.store.hasReleased();
    const definitions = this.registry.all().map((definition) => ({
      name: definition.name,
      version: definition.version,
      held: this.holds.heldOf(definition) ?? [],
    }));
    const released = await this.store.claimReleased(this.mostUnderWay(), definitions);
    if (released.length === 0) return;
    this.holds.releasing = true;
    const sagaIds = new Set(released.map(({ sagaId }) => sagaId));
    await this.runner.advance([...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })));
  }

  private mostUnderWay(): MostUnderWay[] {
    const types = new Set(this.registry.all().flatMap((each) => commandsOf(each).map(({ type }) => type)));
    return [...types].map((command) => {
      const most = 2 * Math.ceil(this.health.successesPerSecond(command));
      return { command, most: Math.min(MOST_UNDER_WAY, Math.max(LEAST_UNDER_WAY, most)) };
    });
  }
}
