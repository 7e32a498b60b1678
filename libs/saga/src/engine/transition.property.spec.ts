/*
 * The rules of transition.ts for arbitrary definitions and sequences of events. fast-check prints seed and path of a
 * failure; `fc.assert(…, { seed, path })` runs it again.
 */
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { ACTION_FORGOTTEN, isUuidV7 } from '../contract';
import { stepsOfStage, stepsOf, type SagaDefinition, type StageDefinition, type StepDefinition } from '../definition';
import { randomDefinitions } from '../../test/random-definition';
import { randomMoves, RandomWalk, type Scene } from '../../test/random-walk';
import { fold } from './history';
import { hasEnded, type SagaState, type StepStatus } from './state';
import { transition } from './transition';

/** Checks a property of every walk; fails with the smallest walk that violates it. */
function always(check: (walk: RandomWalk) => void): void {
  fc.assert(
    fc.property(fc.tuple(randomDefinitions, randomMoves), ([definition, moves]) => {
      const walk = new RandomWalk(definition);
      for (const move of moves) walk.go(move);
      check(walk);
    }),
    { numRuns: 200 },
  );
}

const everyScene = (check: (scene: Scene, walk: RandomWalk) => void): void =>
  always((walk) => {
    for (const scene of walk.scenes) check(scene, walk);
  });

const everyState = (check: (state: SagaState, definition: SagaDefinition) => void): void =>
  everyScene(({ turn }, { definition }) => check(turn.state, definition));

/** COMPENSATION_SKIPPED: an operator decided so explicitly. */
const LEFT_NOTHING: readonly string[] = ['COMPENSATED', 'REFUSED', 'FAILED', 'SKIPPED', 'COMPENSATION_SKIPPED'];
const PASSED: readonly (string | undefined)[] = ['DONE', 'SKIPPED'];

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const statusOf = (state: SagaState, { name }: StepDefinition): StepStatus | undefined => state.steps[name]?.status;
/** The steps that these stages have in this state: a forEach has one branch per item it had when it began. */
const stepsIn = (state: SagaState, stages: readonly StageDefinition[]): StepDefinition[] =>
  stages.flatMap((stage) => stepsOfStage(stage, state.groups));
const canBeUndone = ({ kind }: StepDefinition): boolean => kind !== 'wait';
const isBackwards = ({ status, pause }: SagaState): boolean => (pause?.during ?? status).startsWith('COMPENSAT');

describe('the engine, for any events in any order', () => {
  it('sends no new command for a step while one is unanswered (rule 1)', () => {
    let met = 0;
    everyScene(({ before, turn }) => {
      for (const { step, direction, again } of turn.sends) {
        const exchange = before?.steps[step]?.exchange;
        if (exchange?.waitsFor !== 'reply' || exchange.direction !== direction) continue;
        met += 1;
        expect(again).toBe(true);
      }
    });
    expect(met).toBeGreaterThan(0);
  });

  it('accepts an answer only when it names the unanswered command (rule 1)', () => {
    everyScene(({ before, event, turn }) => {
      if (!('commandId' in event) || turn.ignored) return;
      expect(before?.steps[event.step]?.exchange).toMatchObject({ waitsFor: 'reply', commandId: event.commandId });
    });
  });

  it('changes nothing and sends nothing when it ignores an event (rule 2)', () => {
    let met = 0;
    everyScene(({ before, turn }) => {
      if (!turn.ignored) return;
      met += 1;
      expect([turn.state === before, turn.sends]).toEqual([true, []]);
    });
    expect(met).toBeGreaterThan(0);
  });

  it('leaves a stage only when all of it is done (rule 3)', () => {
    everyState((state, { stages }) => {
      const behind = stepsIn(state, stages.slice(0, Math.max(0, state.stage)));
      for (const step of behind) expect(PASSED).toContain(statusOf(state, step));
    });
  });

  it('compensates a stage only when all of it has settled, and before the stages that precede it (rule 3)', () => {
    everyState((state, { stages }) => {
      if (!isBackwards(state)) return;
      const undone = stepsIn(state, stages.slice(state.stage + 1)).filter(canBeUndone);
      const settled = stepsIn(state, stages.slice(Math.max(0, state.stage), state.stage + 1));
      expect(settled.filter((step) => ['PENDING', 'INVOKED'].includes(statusOf(state, step) ?? ''))).toEqual([]);
      expect(undone.filter((step) => !LEFT_NOTHING.includes(statusOf(state, step) ?? ''))).toEqual([]);
    });
  });

  it('compensates no step that was refused, failed or never began (rule 4)', () => {
    everyScene(({ before, turn }) => {
      for (const { step, direction } of turn.sends) {
        if (direction === 'action') continue;
        expect(['INVOKED', 'DONE', 'UNKNOWN', 'COMPENSATING']).toContain(before?.steps[step]?.status ?? 'DONE');
        expect(turn.state.steps[step]?.status).toBe('COMPENSATING');
      }
    });
  });

  it('does not treat a failure after a call of a third party as proof that nothing happened (rule 4)', () => {
    let met = 0;
    everyScene(({ event, turn }) => {
      if (event.kind !== 'failed' || turn.ignored || !event.objection.unfinished) return;
      met += 1;
      expect(turn.state.steps[event.step]?.status).not.toBe('FAILED');
    });
    expect(met).toBeGreaterThan(0);
  });

  it('pauses when a participant has forgotten the action to compensate (rule 4)', () => {
    let met = 0;
    everyScene(({ event, turn }) => {
      if (event.kind !== 'failed' || turn.ignored || event.direction === 'action') return;
      if (event.objection.reason !== ACTION_FORGOTTEN) return;
      met += 1;
      expect(turn.state.status).toBe('PAUSED');
    });
    expect(met).toBeGreaterThan(0);
  });

  it('attempts no action once the saga has a cause to compensate (rule 4)', () => {
    let met = 0;
    everyScene(({ before, turn }) => {
      if (!before?.cause) return;
      met += 1;
      expect(turn.sends.filter(({ direction, again }) => direction === 'action' && !again)).toEqual([]);
    });
    expect(met).toBeGreaterThan(0);
  });

  it('keeps an ended saga unchanged, unless its parent compensates it (rule 5)', () => {
    everyScene(({ before, event, turn: { state, sends, ignored } }) => {
      if (before === undefined || !hasEnded(before)) return;
      if (event.kind === 'undo' && before.status === 'COMPLETED' && !ignored) return;
      expect({ state, sends, ignored }).toEqual({ state: before, sends: [], ignored: expect.any(String) });
    });
  });

  it('notifies the parent when a child ends, and on each request after that', () => {
    everyScene(({ before, event, turn }) => {
      const asked = event.kind === 'started' || event.kind === 'undo';
      const ends = hasEnded(turn.state) && (asked || before?.status !== turn.state.status);
      const refuses = event.kind === 'undo' && turn.ignored === 'past-the-pivot';
      expect(turn.answer !== undefined).toBe(ends || refuses);
    });
  });

  it('gives a wake-up to exactly the sagas that are live and not paused (rule 6)', () => {
    everyState(({ status, wakeAt }) => {
      expect(wakeAt !== undefined).toBe(status === 'RUNNING' || status === 'COMPENSATING');
    });
  });

  it('makes progress when a saga is woken at its due time (rule 6)', () => {
    everyScene(({ before, event, turn, now }) => {
      if (event.kind === 'time-passed' && before?.wakeAt !== undefined && before.wakeAt <= now) {
        expect([turn.ignored, turn.state.wakeAt === before.wakeAt]).toEqual([undefined, false]);
      }
    });
  });

  it('compensates nothing once the pivot is done (rule 7)', () => {
    everyScene(({ turn }, { definition }) => {
      const pivot = stepsOf(definition).find(({ kind }) => kind === 'pivot');
      if (pivot && statusOf(turn.state, pivot) === 'DONE') {
        expect([turn.state.cause, isBackwards(turn.state)]).toEqual([undefined, false]);
      }
    });
  });

  it('refuses to cancel once the pivot is done (rule 7)', () => {
    let met = 0;
    everyState((state, definition) => {
      const pivot = stepsOf(definition).find(({ kind }) => kind === 'pivot');
      if (!pivot || statusOf(state, pivot) !== 'DONE' || hasEnded(state)) return;
      met += 1;
      const cancelled = transition(definition, state, { kind: 'cancel', by: 'ann', reason: '' }, state.startedAt);
      expect(cancelled.ignored).toBe('past-the-pivot');
    });
    expect(met).toBeGreaterThan(0);
  });

  it('keeps the state equal to the fold of the history after every event (rule 8)', () => {
    always(({ definition, history, scenes }) => {
      for (const [index, { turn }] of scenes.entries()) {
        expect(isDeepStrictEqual(fold(definition, history.slice(0, index + 1)), turn.state)).toBe(true);
      }
    });
  });

  it('folds a history that was stored as JSON to the same state (rule 8)', () => {
    always(({ definition, history, state }) => {
      expect(asJson(fold(definition, asJson(history) as typeof history))).toEqual(asJson(state));
    });
  });

  it('continues in the same way from a state that was stored as JSON', () => {
    everyScene(({ before, event, turn, now }, { definition }) => {
      const stored = before && (asJson(before) as SagaState);
      expect(isDeepStrictEqual(asJson(transition(definition, stored, event, now)), asJson(turn))).toBe(true);
    });
  });
});

describe('the state of a saga after any events', () => {
  it('has every step done or skipped when the saga is completed', () => {
    everyState((state, definition) => {
      if (state.status !== 'COMPLETED') return;
      for (const step of stepsIn(state, definition.stages)) expect(PASSED).toContain(statusOf(state, step));
    });
  });

  it('has no effect left when the saga is compensated', () => {
    everyState((state, { stages }) => {
      if (state.status !== 'COMPENSATED') return;
      const left = stepsIn(state, stages).filter(canBeUndone);
      for (const step of left) expect(LEFT_NOTHING).toContain(statusOf(state, step));
    });
  });

  it('has exactly the steps under way waiting for something', () => {
    everyState(({ steps }) => {
      const directions = { INVOKED: 'action', COMPENSATING: 'compensation' } as Partial<Record<StepStatus, string>>;
      const wrong = Object.values(steps).filter(
        ({ status, exchange, awaitsUntil }) =>
          (exchange?.direction ?? (awaitsUntil === undefined ? undefined : 'action')) !== directions[status],
      );
      expect(wrong).toEqual([]);
    });
  });

  it('has a reason when paused, an end time when ended, and a cause when compensating', () => {
    everyState((state) => {
      const { pause, endedAt, cause, status } = state;
      expect({
        paused: pause !== undefined,
        ended: endedAt !== undefined,
        caused: !isBackwards(state) || !!cause,
      }).toEqual({
        paused: status === 'PAUSED',
        ended: hasEnded(state),
        caused: true,
      });
    });
  });
});

describe('the commands of a saga', () => {
  it('have ids that are UUIDv7', () => {
    always(({ sends }) => expect(sends.every(({ commandId }) => isUuidV7(commandId))).toBe(true));
  });

  it('have unique ids, unless they are resent', () => {
    always(({ sends }) => {
      const fresh = sends.filter(({ again }) => !again).map(({ commandId }) => commandId);
      expect(new Set(fresh).size).toBe(fresh.length);
    });
  });

  it('are identical byte for byte when they are resent', () => {
    always(({ sends }) => {
      const first = new Map<string, string>();
      for (const { commandId, again: _again, ...rest } of sends) {
        const bytes = JSON.stringify(rest);
        expect(bytes).toBe(first.get(commandId) ?? bytes);
        first.set(commandId, bytes);
      }
    });
  });

  it('name, in a compensation, the last command of the action that they undo', () => {
    always(({ sends }) => {
      const lastAction = new Map<string, string>();
      for (const { commandId, direction, step, undoes } of sends) {
        if (direction === 'action') lastAction.set(step, commandId);
        else expect(undoes).toBe(lastAction.get(step));
      }
    });
  });
});

describe('a saga in any state', () => {
  it('reaches its end by successful answers and resume', () => {
    always((walk) => {
      const atMost = 10 + 8 * stepsOf(walk.definition).length;
      walk.succeed(atMost);
      expect(hasEnded(walk.state)).toBe(true);
    });
  });
});
