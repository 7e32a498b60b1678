/* The checks at the end of a run, when all processes are idle. */
import { isDeepStrictEqual } from 'node:util';
import { stepNamed, type SagaDefinition } from '../../src/definition';
import { fold, hasEnded, transition, type HistoryEntry, type SagaState } from '../../src/engine';
import { brokenRule } from '../../src/testing/engine-rules';
import { countsByDefinition, openByVersion, openOf, recount } from '../recount';
import { DEFINITIONS } from './definitions';
import type { OrchestratorDatabase } from './orchestrator-database';
import type { Effect } from './service-database';
import { SERVICES } from './shop';
import { Violation } from './violation';
import type { World } from './world';

export function judge(world: World): void {
  const effects = SERVICES.flatMap((service) => world.services[service].effects);
  for (const { state, revision } of world.orchestrator.sagas) {
    const history = world.orchestrator.histories.get(state.id) ?? [];
    judgeHistory(world, state, revision, history);
    judgeEffects(
      state,
      effects.filter(({ sagaId }) => sagaId === state.id),
    );
    if (state.definition === 'place-order') judgeOrder(world, state);
    judgeChildren(world, state);
  }
  for (const id of Object.keys(world.services.order.books.orders))
    if (world.orchestrator.find(id) === undefined) throw new Violation('an order is PENDING for ever');
  if (!world.starts.isEmpty) throw new Violation('an acknowledged start is still stored');
  judgeHeldSteps(world.orchestrator);
  judgeOpenSagas(world.orchestrator);
  judgeStatistics(world.orchestrator);
  if (world.orchestrator.outbox.size > 0) throw new Violation('the outbox still has published messages');
  if (world.orchestrator.timers.size > 0) throw new Violation('an ended saga still has a timer');
}

/** Checks that exactly the steps that wait for the end of a hold have a row, by which they are found when it ends. */
export function judgeHeldSteps({ sagas, heldSteps }: OrchestratorDatabase): void {
  const waiting = [...sagas].flatMap(({ state: { id, steps } }) =>
    Object.entries(steps).flatMap(([step, { held }]) => (held ? `${id} ${step}` : [])),
  );
  const rows = [...heldSteps].flatMap(([key, { released }]) => (released ? [] : key));
  if (!isDeepStrictEqual(new Set(waiting), new Set(rows)))
    throw new Violation(`steps that wait for a hold: ${waiting.join(', ')}; their rows: ${rows.join(', ')}`);
}

/** Checks that as many sagas have not ended as the statistics say. */
export function judgeOpenSagas({ sagas, deltas }: OrchestratorDatabase): void {
  const open = openByVersion([...sagas].map(({ state }) => ({ ...state, open: hasEnded(state) ? 0 : 1 })));
  const counted = openOf(deltas);
  if (!isDeepStrictEqual(counted, open))
    throw new Violation(`statistics: ${JSON.stringify(counted)} have not ended; in truth ${JSON.stringify(open)}`);
}

/** Checks that the statistics say what the histories say. */
function judgeStatistics({ sagas, histories, deltas }: OrchestratorDatabase): void {
  const told = [...sagas].map(({ state }) => ({
    definition: definitionOf(state),
    history: histories.get(state.id) ?? [],
  }));
  const recounted = countsByDefinition(recount({ find: definitionNamed }, told));
  const counted = countsByDefinition(deltas);
  if (!isDeepStrictEqual(counted, recounted))
    throw new Violation(`statistics: ${JSON.stringify(counted)}; the histories: ${JSON.stringify(recounted)}`);
}

/** Replays the history: every event must obey the engine's rules, and together they must lead to the state (rule 8). */
function judgeHistory(world: World, state: SagaState, revision: number, history: readonly HistoryEntry[]): void {
  if (revision !== history.length) throw new Violation(`revision ${revision} of a history of ${history.length}`);
  const definition = definitionOf(state);
  let before: SagaState | undefined;
  for (const [index, { seq, event, at, ignored }] of history.entries()) {
    if (seq !== index + 1) throw new Violation(`entry ${seq} of the history is at place ${index + 1}`);
    const applied = transition(definition, before, event, at);
    const broken = brokenRule({ definition, before, event, applied });
    if (broken) throw new Violation(broken);
    if (applied.ignored !== ignored) throw new Violation(`the history says ${ignored}, its fold ${applied.ignored}`);
    world.journal.count(`${before?.status ?? 'nothing'} + ${event.kind}${ignored ? ` (${ignored})` : ''}`);
    before = applied.state;
  }
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  if (!isDeepStrictEqual(plain(fold(definition, history)), plain(state)))
    throw new Violation('the state is not the fold of the history (rule 8)');
}

function definitionNamed(name: string, version: number): SagaDefinition | undefined {
  return DEFINITIONS.find((each) => each.name === name && each.version === version);
}

function definitionOf({ definition: name, version }: SagaState): SagaDefinition {
  const definition = definitionNamed(name, version);
  if (definition === undefined) throw new Violation(`a saga has the unknown version ${version}`);
  return definition;
}

function judgeEffects(state: SagaState, effects: readonly Effect[]): void {
  if (!hasEnded(state)) return;
  const definition = definitionOf(state);
  for (const [name, { status }] of Object.entries(state.steps)) {
    const step = stepNamed(definition, name);
    if (step?.wait || step?.child) continue;
    const count = (direction: string): number =>
      effects.filter((effect) => effect.step === name && effect.direction === direction).length;
    const done = step?.kind === 'compensation' ? 1 : count('action');
    const undone = count('compensation');
    if (done > 1) throw new Violation(`the action of ${name} took effect ${done} times`);
    if (undone > done) throw new Violation(`${name} was compensated ${undone} times and done ${done} times`);
    // A compensation that an operator skipped may have an effect or not.
    if (status === 'COMPENSATION_SKIPPED') continue;
    if (state.status === 'COMPLETED' ? done !== (status === 'SKIPPED' ? 0 : 1) || undone !== 0 : done !== undone)
      throw new Violation(`${state.status}, and ${name} was done ${done} and compensated ${undone} times`);
  }
}

function judgeOrder(world: World, { id, status, steps }: SagaState): void {
  if (steps['order']?.status === 'COMPENSATION_SKIPPED') return;
  const order = world.services.order.books.orders[id];
  const expected = status === 'COMPLETED' ? 'APPROVED' : 'REJECTED';
  if (order !== expected) throw new Violation(`the saga is ${status}, and its order ${order}`);
}

/**
 * Checks that a completed parent has completed children, and that children which began are compensated with their
 * parent.
 */
function judgeChildren(world: World, { id, status, steps }: SagaState): void {
  for (const { state: child } of world.orchestrator.sagas)
    if (
      child.parent?.sagaId === id &&
      child.status !== status &&
      steps[child.parent.step]?.status !== 'COMPENSATION_SKIPPED'
    )
      throw new Violation(`the saga is ${status}, and its child ${child.status}`);
}
