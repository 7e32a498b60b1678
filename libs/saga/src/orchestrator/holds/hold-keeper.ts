/*
 * Looks after the holds: reads them, tells and hears how participants answer, probes those that are held by themselves, and
 * lets go on what waited for a hold that has ended, the oldest first and no faster than the participants answer.
 */
import { v7 as uuidV7 } from 'uuid';
import type { DefinitionRegistry } from '../../definition';
import { RecurringTask, type Log } from '../../messaging';
import type { SagaRunner } from '../saga-runner';
import { heldKeys } from './hold';
import type { HeldStep, HoldStore } from './hold-store';
import type { Holds } from './holds';
import type { ParticipantHealth } from './participant-health';

const EVERY_MS = 1_000;
/** How far apart probes get. */
const LONGEST_MS = 30_000;
/** How many sagas are let go on in a second at least; beyond that, twice as many as were answered in the last one. */
const LEAST_RELEASED = 20;
const MOST_RELEASED = 1_000;
const PAGE = 500;

export class HoldKeeper {
  private readonly instance = uuidV7();
  private readonly task: RecurringTask;

  constructor(
    private readonly registry: DefinitionRegistry,
    private readonly store: HoldStore,
    private readonly holds: Holds,
    private readonly health: ParticipantHealth | undefined,
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

  async stop(): Promise<void> {
    await this.task.stop();
  }

  private async look(): Promise<boolean> {
    if (this.health) this.health.hear(await this.store.exchangeHealth(this.instance, this.health.share()));
    await this.store.endExpired();
    await this.holds.refresh();
    await this.probe();
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

  /** One page of sagas whose hold has ended. */
  private async release(): Promise<void> {
    const released: HeldStep[] = [];
    const most = this.most();
    for (let after: HeldStep | undefined; released.length < most;) {
      const page = await this.store.held(PAGE, after);
      for (const step of page) if (released.length < most && this.isReleased(step)) released.push(step);
      after = page.at(-1);
      if (page.length < PAGE) break;
    }
    if (released.length === 0) return;
    const sagaIds = new Set(released.map(({ sagaId }) => sagaId));
    await this.runner.advance([...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })));
    // What has moved on by itself has no row any more that the engine would take away.
    await this.store.rememberHeld([], released);
  }

  private isReleased({ definition: name, version, step, command }: HeldStep): boolean {
    const definition = this.registry.find(name, version);
    if (definition === undefined) return false;
    const held = this.holds.heldOf(definition) ?? [];
    return !held.includes(command) && !held.includes(step.replace(/\[\d+\]$/, ''));
  }

  private most(): number {
    const answered = this.health?.successesWithin(EVERY_MS) ?? 0;
    return Math.min(MOST_RELEASED, Math.max(LEAST_RELEASED, 2 * answered));
  }
}
