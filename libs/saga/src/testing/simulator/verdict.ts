/* What must hold when a run is over and everything has come to rest. */
import { isDeepStrictEqual } from 'node:util';
import { stepsOf, type SagaDefinition } from '../../definition';
import { fold, hasEnded, transition, type HistoryEntry, type SagaState } from '../../engine';
import { brokenRule } from '../engine-rules';
import { DEFINITIONS } from './definitions';
import type { Effect } from './service-database';
import { SERVICES } from './shop';
import type { Simulation } from './simulation';
import { Violation } from './violation';

export function judge(world: Simulation): void {
  const effects = SERVICES.flatMap((service) => world.services[service].effects);
  for (const { state, revision } of world.orchestrator.sagas) {
    const history = world.orchestrator.histories.get(state.id) ?? [];
    judgeHistory(world, state, revision, history);
    judgeEffects(
      state,
      effects.filter(({ sagaId }) => sagaId === state.id),
    );
    judgeOrder(world, state);
  }
  for (const [orderId, status] of Object.entries(world.services.order.books.orders))
    if (status === 'PENDING' && !world.lostStarts.has(orderId)) throw new Violation(`an order is ${status} for ever`);
  if (world.orchestrator.outbox.size > 0) throw new Violation('the outbox still holds what is sent');
  if (world.orchestrator.timers.size > 0) throw new Violation('a timer is left of a saga that has ended');
}

/** Goes through the history again: every event kept the engine's rules, and they lead to the state (rule 8). */
function judgeHistory(world: Simulation, state: SagaState, revision: number, history: readonly HistoryEntry[]): void {
  if (revision !== history.length) throw new Violation(`revision ${revision} of a history of ${history.length}`);
  const definition = definitionOf(state);
  let before: SagaState | undefined;
  for (const [index, { seq, event, at, ignored }] of history.entries()) {
    if (seq !== index + 1) throw new Violation(`entry ${seq} of the history is at place ${index + 1}`);
    const turn = transition(definition, before, event, at);
    const broken = brokenRule({ definition, before, event, turn });
    if (broken) throw new Violation(broken);
    if (turn.ignored !== ignored) throw new Violation(`the history says ${ignored}, its fold ${turn.ignored}`);
    world.journal.meet(`${before?.status ?? 'nothing'} + ${event.kind}${ignored ? ` (${ignored})` : ''}`);
    before = turn.state;
  }
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  if (!isDeepStrictEqual(plain(fold(definition, history)), plain(state)))
    throw new Violation('the state is not the fold of the history (rule 8)');
}

function definitionOf({ version }: SagaState): SagaDefinition {
  const definition = DEFINITIONS.find((each) => each.version === version);
  if (definition === undefined) throw new Violation(`a saga has version ${version}, which there is not`);
  return definition;
}

function judgeEffects(state: SagaState, effects: readonly Effect[]): void {
  if (!hasEnded(state)) return;
  for (const { name, kind } of stepsOf(definitionOf(state))) {
    const count = (direction: string): number =>
      effects.filter((effect) => effect.step === name && effect.direction === direction).length;
    const done = kind === 'compensation' ? 1 : count('action');
    const undone = count('compensation');
    if (done > 1) throw new Violation(`the action of ${name} took effect ${done} times`);
    if (undone > done) throw new Violation(`${name} was taken back ${undone} times and done ${done} times`);
    if (state.status === 'COMPLETED' ? done !== 1 || undone !== 0 : done !== undone)
      throw new Violation(`${state.status}, and ${name} was done ${done} and taken back ${undone} times`);
  }
}

function judgeOrder(world: Simulation, { id, status }: SagaState): void {
  const order = world.services.order.books.orders[id];
  const expected = status === 'COMPLETED' ? 'APPROVED' : 'REJECTED';
  if (order !== expected) throw new Violation(`the saga is ${status}, and its order ${order}`);
}
