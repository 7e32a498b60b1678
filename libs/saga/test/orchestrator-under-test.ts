import { topicsOf, type Command, type StartSaga } from '../src/contract';
import { DefinitionRegistry, type SagaDefinition } from '../src/definition';
import { fold, type HistoryEntry, type SagaEvent, type SagaState } from '../src/engine';
import { SagaReader } from '../src/admin/saga-reader';
import { EventRelay, type Log } from '../src/messaging';
import { AwaitedDefinitions } from '../src/orchestrator/awaited-definitions';
import { HoldMonitor } from '../src/orchestrator/holds/hold-monitor';
import { HoldEventWriter } from '../src/orchestrator/holds/hold-event-writer';
import { HoldRules, type HoldSettings } from '../src/orchestrator/holds/hold-settings';
import { HoldStore } from '../src/orchestrator/holds/hold-store';
import { Holds } from '../src/orchestrator/holds/holds';
import { ParticipantHealth } from '../src/orchestrator/holds/participant-health';
import { Interventions } from '../src/orchestrator/interventions';
import { SagaRunner } from '../src/orchestrator/saga-runner';
import { SagaStore } from '../src/orchestrator/saga-store';
import { Timers } from '../src/orchestrator/timers';
import { HandTransport } from './hand-transport';
import { incomingStart } from './messages';
import { RecordingLog } from './recording-log';

/** One orchestrator's store, runner and timers over a real database and a transport moved by hand. */
export class OrchestratorUnderTest {
  readonly transport = new HandTransport();
  readonly log: Log = new RecordingLog();
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
      /** For how many days after its end a saga is kept. */
      readonly keptForDays?: number;
      readonly holdAfter?: HoldSettings;
    } = {},
  ) {
    this.store = new SagaStore({ database: databaseUrl }, this.log);
    const registry = new DefinitionRegistry(definitions);
    this.holdStore = new HoldStore(this.store.pool, new HoldEventWriter(topicsOf(), () => this.eventRelay.trigger()));
    const rules = new HoldRules(holdAfter);
    const health = new ParticipantHealth(rules.longestWithinMs);
    this.holds = new Holds(registry, this.holdStore, rules, health, this.log);
    this.runner = new SagaRunner(registry, this.store, this.transport, this.log, undefined, keptForDays, this.holds);
    this.holdMonitor = new HoldMonitor(registry, this.holdStore, this.holds, health, this.runner, this.log, 20);
    this.interventions = new Interventions(registry, this.store, this.runner, this.log, this.holds);
    this.timers = new Timers(this.store, this.runner, this.log);
    this.awaited = new AwaitedDefinitions(registry, this.store, this.runner, this.log, 50);
    this.eventRelay = new EventRelay(this.store.pool, this.transport, topicsOf().lifecycle, this.log);
  }

  startTimers(): void {
    this.timers.start();
  }

  /** Begins to check the holds. */
  startHolds(): void {
    this.holdMonitor.start();
  }

  /** Takes one look at them. */
  async runHoldMonitor(): Promise<void> {
    await this.holdMonitor.run();
  }

  /** No timer fires from now on; resolves when those that have fired are done with. */
  async stopTimers(): Promise<void> {
    await this.timers.stop();
  }

  /** Begins to look for sagas whose definition was registered. */
  startSearch(): void {
    this.awaited.start();
  }

  /** From now on it makes known what becomes of sagas. */
  publishLifecycleEvents(): void {
    this.store.publishLifecycleEvents(topicsOf(), () => this.eventRelay.trigger());
    this.eventRelay.start();
  }

  /** As if another instance had had definitions with these names. */
  async knows(...names: readonly string[]): Promise<void> {
    await this.store.rememberDefinitions(names);
  }

  async start(...starts: readonly StartSaga[]): Promise<void> {
    await this.runner.handleBatch(starts.map(incomingStart));
  }

  /** What an operator does to a saga. */
  async operate(sagaId: string, kind: 'pause' | 'resume' | 'retry' | 'cancel'): Promise<void> {
    await this.runner.advance([{ sagaId, event: { kind, by: 'ada', reason: 'a test' } satisfies SagaEvent }]);
  }

  /** The commands published to a service, oldest first; of one saga, where it is named. */
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

  /** Cuts it off from broker and database in the middle of whatever it does. */
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
