/*
 * The jobs of an orchestrator, phase by phase, as in runner/saga-runner.ts, runner/timers.ts,
 * holds/hold-monitor.ts and messaging/relay.ts. At every yield the process may die.
 */
import { commandsOf } from '../../src/definition';
import type { SagaEvent } from '../../src/engine';
import type { IncomingMessage } from '../../src/messaging';
import { sagaInputOf, type SagaInput } from '../../src/runner/saga-input';
import type { OutgoingCommand, SagaUpdate, StoredSaga } from '../../src/store/saga-store';
import { Receipts } from '../../src/runner/receipts';
import { applyEvents, type HoldsInForce } from '../../src/runner/apply-events';
import { LEASE_MS, type OrchestratorDatabase } from './orchestrator-database';
import type { Process } from './process';
import { judgeHeldSteps, judgeOpenSagas } from './verdict';
import type { World } from './world';

/** An operator action on a saga, optionally for a revision that the operator has read. */
export interface Intervention {
  readonly sagaId: string;
  readonly event: SagaEvent;
  readonly revision?: number | undefined;
}

/** Applies messages to their sagas and publishes the commands. */
export function* handleBatch(
  world: World,
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

/** Applies an operator action; with a revision, only while the saga has it. */
export function* operate(
  world: World,
  self: Process,
  { sagaId, event, revision }: Intervention,
): Generator<string, void> {
  const isCurrent = (): boolean => revision === undefined || world.orchestrator.find(sagaId)?.revision === revision;
  yield* advance(world, self, [{ sagaId, event }], new Receipts(self.registry.heard), isCurrent);
}

/** Wakes the sagas whose timers have fired. */
export function* wake(world: World, self: Process): Generator<string, void> {
  const due = world.orchestrator.claimDue(world.now);
  yield 'claimed';
  yield* advance(
    world,
    self,
    due.map((sagaId) => ({ sagaId, event: { kind: 'time-passed' }, timerFired: true })),
  );
}

/** Lets sagas continue whose definition this process knows. */
export function* findDefinitions(world: World, self: Process): Generator<string, void> {
  const found = world.orchestrator.missed().flatMap(({ id, definition: name, version }): SagaInput[] => {
    const definition = version === 0 ? self.registry.newest(name) : self.registry.find(name, version);
    return definition ? [{ sagaId: id, event: { kind: 'definition-found', version: definition.version } }] : [];
  });
  yield* advance(world, self, found);
}

/** Reads which services are held, and releases the steps whose hold has ended. */
export function* monitorHolds(world: World, self: Process): Generator<string, void> {
  self.held = new Set(world.held);
  yield 'listed';
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

/** The steps that wait for an ended hold, as far as this process knows. */
export function releasable(world: World, self: Process): ReturnType<OrchestratorDatabase['releasable']> {
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

/** Publishes committed messages that may never have been sent. */
export function* sweep(world: World): Generator<string, void> {
  const rows = world.orchestrator.lockUnsent(world.now);
  try {
    yield 'locked';
    world.publish(rows);
    yield 'published';
    world.commit(() => {
      for (const { id } of rows) world.orchestrator.outbox.delete(id);
    });
  } finally {
    // A transaction releases its locks in any case.
    for (const row of rows) row.locked = false;
  }
}

/** Deletes what was acknowledged since the last batch. */
export function* tidy(world: World, self: Process): Generator<string, void> {
  save(world, self, []);
  yield 'saved';
}

function* advance(
  world: World,
  self: Process,
  inputs: readonly SagaInput[],
  receipts = new Receipts(self.registry.heard),
  isCurrent = (): boolean => true,
): Generator<string, void> {
  const commands: OutgoingCommand[] = [];
  for (let left = inputs; left.length > 0 && isCurrent();) {
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
    for (const update of updates) logUpdate(world, update, saved.has(update.state.id));
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

function save(world: World, self: Process, updates: readonly SagaUpdate[]): Set<string> {
  const acknowledged = self.acknowledged;
  const saved = world.commit(() => world.orchestrator.save(updates, acknowledged, world.now));
  self.acknowledged = self.acknowledged.filter((id) => !acknowledged.includes(id));
  if (world.everHeld) judgeHeldSteps(world.orchestrator);
  judgeOpenSagas(world.orchestrator);
  return saved;
}

function logUpdate(world: World, { state, history }: SagaUpdate, saved: boolean): void {
  for (const { event, sent, ignored } of history) {
    world.journal.log(() => {
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
