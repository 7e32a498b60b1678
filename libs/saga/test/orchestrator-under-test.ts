import { topicsOf, type Command, type StartSaga } from '../src/contract';
import { DefinitionRegistry, type SagaDefinition } from '../src/definition';
import { fold, type HistoryEntry, type SagaEvent, type SagaState } from '../src/engine';
import { SagaReader } from '../src/admin/saga-reader';
import { EventRelay } from '../src/messaging';
import { AwaitedDefinitions } from '../src/runner/awaited-definitions';
import { HoldMonitor } from '../src/holds/hold-monitor';
import { HoldEventWriter } from '../src/holds/hold-event-writer';
import { HoldRules, type HoldSettings } from '../src/holds/hold-settings';
import { HoldStore } from '../src/holds/hold-store';
import { Holds } from '../src/holds/holds';
import { ParticipantHealth } from '../src/holds/participant-health';
import { Interventions } from '../src/runner/interventions';
import { SagaRunner } from '../src/runner/saga-runner';
import { SagaStore } from '../src/store/saga-store';
import { Timers } from '../src/runner/timers';
import { HandTransport } from './hand-transport';
import { incomingStart } from './messages';
import { RecordingLog } from './recording-log';

/** One orchestrator's store, runner and timers on a real database, with a transport that the test controls. */
export class OrchestratorUnderTest {
  readonly transport = new HandTransport();
  readonly log = new RecordingLog();
  readonly store: SagaStore;
  readonly runner: SagaRunner;
  readonly interventions: Interventions;
  readonly holds: Holds;
  readonly holdStore: HoldStore;
  private readonly holdMonitor: HoldMonitor;
  private readonly timers: Timers;
  private readonly awaited: AwaitedDefinitions;
  private readonly eventRelay: EventRelay;

  constructor(
    databaseUrl: string,
    private readonly definitions: readonly SagaDefinition[],
    {
      keptForDays,
      holdAfter = 'never',
    }: {
      /** How many days a saga is stored after its end. */
      readonly keptForDays?: number;
      readonly holdAfter?: HoldSettings;
    } = {},
  ) {
    this.store = new SagaStore({ database: databaseUrl }, this.log);
    const { store, transport, log } = this;
    const registry = new DefinitionRegistry(definitions);
    this.holdStore = new HoldStore(this.store.pool, new HoldEventWriter(topicsOf(), () => this.eventRelay.trigger()));
    const rules = new HoldRules(holdAfter);
    const health = new ParticipantHealth(rules.longestWithinMs);
    const holds = new Holds({ registry, store: this.holdStore, rules, health, log });
    const runner = new SagaRunner({ registry, store, transport, log, holds, keptForDays });
    this.holds = holds;
    this.runner = runner;
    this.holdMonitor = new HoldMonitor({ registry, store: this.holdStore, holds, health, runner, log, everyMs: 20 });
    this.interventions = new Interventions({ registry, store, runner, holds, log });
    this.timers = new Timers(store, runner, log);
    this.awaited = new AwaitedDefinitions(registry, store, runner, { log, everyMs: 50 });
    this.eventRelay = new EventRelay(store.pool, transport, { topic: topicsOf().lifecycle, log });
  }

  startTimers(): void {
    this.timers.start();
  }

  /** Starts to monitor the holds. */
  startHolds(): void {
    this.holdMonitor.start();
  }

  /** Runs the monitor of the holds once. */
  async runHoldMonitor(): Promise<void> {
    await this.holdMonitor.run();
  }

  /** Stops the timers; resolves when those that have fired are handled. */
  async stopTimers(): Promise<void> {
    await this.timers.stop();
  }

  /** Starts to look for sagas whose definition is registered again. */
  startSearch(): void {
    this.awaited.start();
  }

  /** Starts to publish lifecycle events. */
  publishLifecycleEvents(): void {
    this.store.publishLifecycleEvents(topicsOf(), () => this.eventRelay.trigger());
    this.eventRelay.start();
  }

  /** Registers these names as if another instance had definitions with them. */
  async knows(...names: readonly string[]): Promise<void> {
    await this.store.rememberDefinitions(names);
  }

  async start(...starts: readonly StartSaga[]): Promise<void> {
    await this.runner.handleBatch(starts.map(incomingStart));
  }

  /** Applies an operator's action to a saga. */
  async operate(sagaId: string, kind: 'pause' | 'resume' | 'retry' | 'cancel'): Promise<void> {
    await this.runner.advance([{ sagaId, event: { kind, by: 'ada', reason: 'a test' } satisfies SagaEvent }]);
  }

  /** The commands published to a service, oldest first; with a saga, only its commands. */
  commands(service: string, sagaId?: string): Command[] {
    const commands = this.transport.sent<Command>(`${service}.commands`);
    return commands.filter(({ sagaid }) => sagaId === undefined || sagaid === sagaId);
  }

  /** The saga as stored. Throws when the history has a gap, or leads to another state. */
  async find(sagaId: string): Promise<{ state: SagaState; history: readonly HistoryEntry[] }> {
    const found = await new SagaReader(this.store).find(sagaId);
    if (found === undefined) throw new Error(`There is no saga ${sagaId}.`);
    const { state, revision, history } = found;
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1));
    expect(revision).toBe(history.length);
    const definition = this.definitions.find(
      ({ name, version }) => name === state.definition && version === state.version,
    );
    if (definition) expect(JSON.parse(JSON.stringify(fold(definition, history)))).toEqual(state);
    return { state, history };
  }

  async sql<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    const { rows } = await this.store.pool.query(text, values);
    return rows as Row[];
  }

  /** When the saga's timer fires, in milliseconds from now; undefined when it has none. */
  async timerOf(sagaId: string): Promise<number | undefined> {
    const rows = await this.sql<{ ms: number }>(
      `SELECT (extract(epoch FROM fire_at - clock_timestamp()) * 1000)::float8 AS ms FROM saga_timer WHERE saga_id = $1`,
      [sagaId],
    );
    return rows[0]?.ms;
  }

  /** Disconnects it from broker and database in the middle of its work. */
  async crash(): Promise<void> {
    await this.transport.close();
    await this.store.close();
  }

  async stop(): Promise<void> {
    await this.timers.stop();
    await this.awaited.stop();
    await this.holdMonitor.stop();
    await this.runner.deleteAcknowledged();
    await this.eventRelay.stop();
    await this.transport.close();
    await this.store.close();
  }
}
