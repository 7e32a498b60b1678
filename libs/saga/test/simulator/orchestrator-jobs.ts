/*
 * What an orchestrator does, phase by phase, as orchestrator/saga-runner.ts, orchestrator/timers.ts,
 * orchestrator/holds/hold-monitor.ts and messaging/sweeper.ts do it. Every yield is a moment at which the process may die.
 */
import { commandsOf } from '../../src/definition';
import type { SagaEvent } from '../../src/engine';
import type { IncomingMessage } from '../../src/messaging';
import { sagaInputOf, type SagaInput } from '../../src/orchestrator/saga-input';
import type { OutgoingCommand, SagaUpdate, StoredSaga } from '../../src/orchestrator/saga-store';
import { Receipts } from '../../src/orchestrator/receipts';
import { applyEvents, type HoldsInForce } from '../../src/orchestrator/apply-events';
import { LEASE_MS, type OrchestratorDatabase } from './orchestrator-database';
import type { Process } from './process';
import type { Simulation } from './simulation';
import { judgeHeldSteps } from './verdict';

/** What an operator does to a saga, on the revision that they saw, if they looked. */
export interface Intervention {
  readonly sagaId: string;
  readonly event: SagaEvent;
  readonly revision?: number | undefined;
}

/** Takes messages to what their sagas send because of them. */
export function* handleBatch(
  world: Simulation,
  self: Process,
  messages: readonly IncomingMessage[],
): Generator<string, void> {
  const inputs: SagaInput[] = [];
  const receipts = new Receipts(self.registry.heard);
  for (const message of messages) {
    const input = sagaInputOf(message, self.registry);
    inputs.push(input);
    if (input.acknowledge) receipts.add(input.acknowledge);
  }
  yield* advance(world, self, inputs, receipts);
}

/** Tells a saga what an operator wants of it; where a revision is named, only while the saga stands on that. */
export function* operate(
  world: Simulation,
  self: Process,
  { sagaId, event, revision }: Intervention,
): Generator<string, void> {
  const stands = (): boolean => revision === undefined || world.orchestrator.find(sagaId)?.revision === revision;
  yield* advance(world, self, [{ sagaId, event }], new Receipts(self.registry.heard), stands);
}

/** Wakes the sagas whose timers have fired. */
export function* wake(world: Simulation, self: Process): Generator<string, void> {
  const due = world.orchestrator.claimDue(world.now);
  yield 'claimed';
  yield* advance(
    world,
    self,
    due.map((sagaId) => ({ sagaId, event: { kind: 'time-passed' }, timerFired: true })),
  );
}

/** Lets sagas go on whose definition this process knows. */
export function* findDefinitions(world: Simulation, self: Process): Generator<string, void> {
  const found = world.orchestrator.missed().flatMap(({ id, definition: name, version }): SagaInput[] => {
    const definition = version === 0 ? self.registry.newest(name) : self.registry.find(name, version);
    return definition ? [{ sagaId: id, event: { kind: 'definition-found', version: definition.version } }] : [];
  });
  yield* advance(world, self, found);
}

/** Reads which services are held, and lets go on what waits for a hold that has ended. */
export function* lookAtHolds(world: Simulation, self: Process): Generator<string, void> {
  self.held = new Set(world.held);
  yield 'looked';
  const claimed = releasable(world, self);
  for (const row of claimed) row.claimedUntil = world.now + LEASE_MS;
  yield 'claimed';
  const sagaIds = new Set(claimed.map(({ sagaId }) => sagaId));
  yield* advance(
    world,
    self,
    [...sagaIds].map((sagaId) => ({ sagaId, event: { kind: 'released' } })),
  );
}

/** The steps that wait for a hold which has ended, as far as this process knows. */
export function releasable(world: Simulation, self: Process): ReturnType<OrchestratorDatabase['releasable']> {
  const holds = holdsOf(self);
  return world.orchestrator.releasable(world.now, ({ definition: name, version, command }) => {
    const definition = self.registry.find(name, version);
    return definition === undefined || (holds?.heldOf(definition) ?? []).includes(command);
  });
}

function holdsOf({ held }: Process): HoldsInForce | undefined {
  if (held.size === 0) return undefined;
  const isHeld = (service: string): boolean => ([...held] as string[]).includes(service);
  return {
    releasing: false,
    heldOf: (definition) => commandsOf(definition).flatMap(({ service, type }) => (isHeld(service) ? type : [])),
  };
}

/** Publishes what was committed and, for all that is known, never sent. */
export function* sweep(world: Simulation): Generator<string, void> {
  const rows = world.orchestrator.lockUnsent(world.now);
  try {
    yield 'locked';
    world.publish(rows);
    yield 'published';
    world.commit(() => {
      for (const { id } of rows) world.orchestrator.outbox.delete(id);
    });
  } finally {
    // A transaction that ends, however it ends, holds no locks.
    for (const row of rows) row.locked = false;
  }
}

/** Deletes what was acknowledged since the last batch. */
export function* tidy(world: Simulation, self: Process): Generator<string, void> {
  save(world, self, []);
  yield 'saved';
}

function* advance(
  world: Simulation,
  self: Process,
  inputs: readonly SagaInput[],
  receipts = new Receipts(self.registry.heard),
  stands = (): boolean => true,
): Generator<string, void> {
  const commands: OutgoingCommand[] = [];
  for (let left = inputs; left.length > 0 && stands();) {
    const bySaga = groupBySaga(left);
    const read = new Map<string, StoredSaga | undefined>();
    for (const id of bySaga.keys()) read.set(id, world.orchestrator.find(id));
    const { now } = world;
    yield 'read';
    const updates: SagaUpdate[] = [];
    for (const [id, those] of bySaga) {
      const update = applyEvents(self.registry, read.get(id), those, now, holdsOf(self));
      if (update) updates.push(update);
    }
    const saved = save(world, self, updates);
    for (const update of updates) tell(world, update, saved.has(update.state.id));
    yield 'saved';
    commands.push(...updates.flatMap(({ state, outbox }) => (saved.has(state.id) ? outbox : [])));
    left = updates.filter(({ state }) => !saved.has(state.id)).flatMap(({ state }) => bySaga.get(state.id) ?? []);
  }
  const acknowledgements = receipts.messages().map(({ topic, value }) => ({ topic, key: '', payload: String(value) }));
  if (commands.length === 0 && acknowledgements.length === 0) return;
  world.publish([...commands, ...acknowledgements]);
  self.acknowledged = [...self.acknowledged, ...commands.map(({ id }) => id)];
  yield 'published';
}

function save(world: Simulation, self: Process, updates: readonly SagaUpdate[]): Set<string> {
  const acknowledged = self.acknowledged;
  const saved = world.commit(() => world.orchestrator.save(updates, acknowledged, world.now));
  self.acknowledged = self.acknowledged.filter((id) => !acknowledged.includes(id));
  if (world.everHeld) judgeHeldSteps(world.orchestrator);
  return saved;
}

function tell(world: Simulation, { state, history }: SagaUpdate, saved: boolean): void {
  for (const { event, sent, ignored } of history) {
    world.journal.say(() => {
      const of = 'step' in event ? ` ${event.step}` : '';
      const commands = sent.map(({ command, again }) => (again ? `${command} again` : command)).join(', ');
      const then = saved ? (ignored ?? `${state.status}${commands ? ` → ${commands}` : ''}`) : 'lost to another';
      return world.line(`saga ${state.id.slice(-1)}: ${event.kind}${of}: ${then}`);
    });
  }
}

function groupBySaga(inputs: readonly SagaInput[]): Map<string, SagaInput[]> {
  const groups = new Map<string, SagaInput[]>();
  for (const input of inputs) groups.set(input.sagaId, [...(groups.get(input.sagaId) ?? []), input]);
  return groups;
}
