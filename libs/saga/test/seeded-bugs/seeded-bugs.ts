/* Bugs that somebody could write: in the engine, in the participants' protocol, and in what is done around a commit. */
import type { Change } from './mutated';

export interface SeededBug {
  /** What is wrong, in words. */
  readonly bug: string;
  readonly changes: readonly Change[];
}

const bug = (words: string, file: string, from: string, to: string): SeededBug => ({
  bug: words,
  changes: [{ file, from, to }],
});

const DECIDE = 'src/participant/decide.ts';
const TRANSITION = 'src/engine/transition.ts';
const ANSWER = 'src/engine/answer.ts';
const ADVANCE = 'src/engine/advance.ts';
const SEND = 'src/engine/send.ts';
const DRAFT = 'src/engine/draft.ts';
const TURNS = 'src/orchestrator/turn-taker.ts';
const HANDLING = 'test/simulator/service-jobs.ts';
const KEEPING = 'test/simulator/service-database.ts';
const SAVING = 'test/simulator/orchestrator-database.ts';

const PARTICIPANT: readonly SeededBug[] = [
  bug(
    'a compensation that comes first leaves no tombstone',
    DECIDE,
    "return { kind: 'bury', undoes };",
    "return { kind: 'nothing-to-undo' };",
  ),
  bug(
    'a compensation runs although its action never came',
    DECIDE,
    "return { kind: 'bury', undoes };",
    "return { kind: 'run' };",
  ),
  bug(
    'a tombstone does not keep the action out',
    DECIDE,
    "own.reply === null ? { kind: 'drop' }",
    "own.reply === null ? { kind: 'run' }",
  ),
  bug('a duplicate is dropped instead of answered', DECIDE, "{ kind: 'answer', reply: own.reply }", "{ kind: 'drop' }"),
  bug('a refused action is taken back', DECIDE, "undone.outcome === 'success' ?", "undone.outcome !== 'tombstone' ?"),
  bug(
    'an action that took effect is not taken back',
    DECIDE,
    "undone.outcome === 'success' ?",
    'undone.reply === undefined ?',
  ),
  {
    bug: 'a duplicate runs again',
    changes: [
      { file: DECIDE, from: 'if (own) return', to: 'if (own?.reply === null) return' },
      { file: KEEPING, from: 'if (rows.some(({ id }) => this.current.inbox.has(id))) return false;', to: '' },
    ],
  },
  bug(
    'the inbox row is not written in the transaction of the handler',
    KEEPING,
    'for (const row of rows) inbox.set(row.id, row);',
    'if (effect === undefined) for (const row of rows) inbox.set(row.id, row);',
  ),
  bug(
    'a failure is not kept',
    HANDLING,
    'if (world.commit(() => database.commit({ rows: [done.failed] }))) return [done.failed];',
    'return [done.failed];',
  ),
  bug('an answer leaves before its effect is on the disk', HANDLING, 'world.services[service].barrier();', ''),
];

const ENGINE: readonly SeededBug[] = [
  bug('a late answer counts', TRANSITION, 'exchange.commandId === answer.commandId &&', ''),
  bug(
    'anybody may answer',
    TRANSITION,
    "return invocationOf(step, answer.direction).command.service === answer.from ? undefined : 'foreign-reply';",
    'return undefined;',
  ),
  bug('an ended saga goes on', TRANSITION, "if (hasEnded(state)) return 'saga-ended';", ''),
  bug('a second start begins anew', TRANSITION, 'if (state) return startedBefore(state);', ''),
  bug(
    'the deadline counts past the pivot',
    TRANSITION,
    'deadlineAt <= draft.now && cause === undefined && canTurnBack(draft)',
    'deadlineAt <= draft.now && cause === undefined',
  ),
  bug(
    'the next wake-up is forgotten',
    TRANSITION,
    'if (draft.state.wakeAt !== wakeAt) change(draft, { wakeAt });',
    'void wakeAt;',
  ),
  bug(
    'what waits for its next attempt is never woken',
    TRANSITION,
    'else attemptNext(draft, step, exchange);\n}\n\nfunction wakeAll',
    '}\n\nfunction wakeAll',
  ),
  bug(
    'an unanswered command is not sent again',
    ANSWER,
    '} else if (sends < attempts) sendAgain(draft, step);',
    '} else if (sends < attempts) return;',
  ),
  bug(
    'an unanswered retriable is not sent again',
    ANSWER,
    'if (sends % attentionAfter !== 0) return sendAgain(draft, step);',
    'if (sends % attentionAfter !== 0) return;',
  ),
  bug(
    'silence is taken for failure',
    ANSWER,
    "return giveUp(draft, step, 'UNKNOWN');",
    "return giveUp(draft, step, 'FAILED');",
  ),
  bug(
    'the pivot is guessed',
    ANSWER,
    "direction === 'action' && step.kind === 'compensatable'",
    "direction === 'action' && step.kind !== 'retriable'",
  ),
  bug(
    'a refused step is compensated',
    ADVANCE,
    "(status === 'DONE' || status === 'UNKNOWN')) attempt",
    "status !== 'UNDONE' && status !== 'UNDOING') attempt",
  ),
  {
    bug: 'a step of which nothing is known is not compensated',
    changes: [
      {
        file: ADVANCE,
        from: "(status === 'DONE' || status === 'UNKNOWN')) attempt",
        to: "status === 'DONE') attempt",
      },
      {
        file: ADVANCE,
        from: "return status !== 'DONE' && status !== 'UNKNOWN' && status !== 'UNDOING';",
        to: "return status !== 'DONE' && status !== 'UNDOING';",
      },
    ],
  },
  bug(
    'a stage is left before all of it has settled',
    ADVANCE,
    '.every((step) => isSettled(stepState(draft, step)));',
    '.some((step) => isSettled(stepState(draft, step)));',
  ),
  bug(
    'a stage is undone before all of it is',
    ADVANCE,
    '.every((step) => !step.compensation || isUndone',
    '.some((step) => !step.compensation || isUndone',
  ),
  bug(
    'undo begins with the first stage',
    ADVANCE,
    "change(draft, { status: 'COMPENSATING' });",
    "change(draft, { status: 'COMPENSATING', stage: 0 });",
  ),
  bug(
    'undo ends with the last stage',
    ADVANCE,
    'change(draft, { stage: draft.state.stage - 1 });',
    'change(draft, { stage: -1 });',
  ),
  bug(
    'a doomed stage goes on beginning steps',
    ADVANCE,
    "if (isDoomed(draft)) changeStep(draft, step, { status: 'SKIPPED' });\n    else beginIfWanted(draft, step);",
    'beginIfWanted(draft, step);',
  ),
  bug(
    'a child is not taken back with its parent',
    ADVANCE,
    "else if (step.child) giveUp(draft, step, 'UNKNOWN');",
    "else if (step.child) giveUp(draft, step, 'FAILED');",
  ),
  bug(
    'a command is sent again under a new id',
    SEND,
    'if (exchange) send(draft, step, exchange.direction, exchange.commandId, exchange.attempt, exchange.sends + 1);',
    'if (exchange) attempt(draft, step, exchange.direction, exchange.attempt);',
  ),
  bug('two commands get the same id', SEND, 'change(draft, { commands: n });', ''),
  bug(
    'a compensation does not say what it undoes',
    SEND,
    "const undoes = direction === 'compensation' ? actionId : undefined;",
    'const undoes = direction === undefined ? actionId : undefined;',
  ),
  bug(
    'a compensation undoes the first attempt',
    SEND,
    "...(direction === 'action' ? { actionId: id } : {}),",
    "...(direction === 'action' ? { actionId: actionId ?? id } : {}),",
  ),
  bug(
    'a retriable is given up',
    DRAFT,
    "direction === 'compensation' || step.kind === 'retriable'",
    "direction === 'compensation'",
  ),
  bug(
    'a compensation is given up',
    DRAFT,
    "direction === 'compensation' || step.kind === 'retriable'",
    "step.kind === 'retriable'",
  ),
  bug(
    'cancel counts past the pivot',
    'src/engine/operate.ts',
    "return canTurnBack(draft) ? undefined : 'past-the-pivot';",
    'return undefined;',
  ),
  bug(
    'what an operator found out is turned round',
    'src/engine/operate.ts',
    "if (outcome === 'success') succeed",
    "if (outcome !== 'success') succeed",
  ),
  bug(
    'an effect that an operator left counts as undone',
    'src/engine/operate.ts',
    "status: 'LEFT'",
    "status: 'UNDONE'",
  ),
  bug(
    'what is not being taken back can be skipped',
    'src/engine/operate.ts',
    "return isBeingUndone(draft, event.step) ? undefined : 'nothing-to-skip';",
    'return undefined;',
  ),
  bug(
    'a paused saga keeps its wake-up',
    'src/engine/halt.ts',
    "status: 'PAUSED', pause, wakeAt: undefined }",
    "status: 'PAUSED', pause }",
  ),
];

const ORCHESTRATOR: readonly SeededBug[] = [
  bug(
    'no timer is armed',
    TURNS,
    'if (hasEnded(state) || state.wakeAt === undefined) return undefined;',
    'if (state.wakeAt !== 0) return undefined;',
  ),
  bug('a saga moves to the newest version', TURNS, 'if (state.version !== 0) return state;', ''),
  bug(
    'a saga without version that was paused is never begun',
    TURNS,
    '{ definition, version: registry.newest(definition)?.version ?? 0 }',
    'state',
  ),
  bug(
    'a turn is saved whatever was saved meanwhile',
    SAVING,
    'return row?.revision === before?.revision && row?.armedAt === before?.armedAt;',
    'return row === undefined || before !== undefined;',
  ),
  bug('a claimed timer does not fire again', SAVING, 'for (const id of live) this.timers.set(id, now + LEASE_MS);', ''),
  bug(
    'a start is deleted from the outbox before it is published',
    HANDLING,
    'world.publish(rows);',
    'world.starts.forget(orderIds);\n  world.publish(rows);',
  ),
  bug(
    'a start is forgotten when the broker has it',
    HANDLING,
    'for (const orderId of orderIds) world.starts.keep(orderId, world.now);',
    'world.starts.forget(orderIds);',
  ),
  bug(
    'a start that comes again is not acknowledged',
    'test/simulator/orchestrator-jobs.ts',
    'if (occurrence.asked) receipts.add(occurrence.asked);',
    'if (occurrence.asked && !world.orchestrator.find(occurrence.sagaId)) receipts.add(occurrence.asked);',
  ),
  bug(
    'a start is acknowledged before its saga is committed',
    'test/simulator/orchestrator-jobs.ts',
    'yield* advance(world, self, occurrences, receipts);',
    "world.publish(receipts.messages().map(({ topic, value }) => ({ topic, key: '', payload: String(value) })));\n" +
      "  yield 'published';\n  yield* advance(world, self, occurrences);",
  ),
  bug(
    'no start is acknowledged',
    'src/orchestrator/receipts.ts',
    'if (source === OWN_SOURCE',
    'if (source !== OWN_SOURCE',
  ),
  bug(
    'the start is not in the transaction of the order',
    HANDLING,
    "    world.starts.ask({ id, saga, input }, world.now);\n  });\n  yield 'committed';",
    "  });\n  yield 'committed';\n  world.starts.ask({ id, saga, input }, world.now);",
  ),
];

export const SEEDED_BUGS: readonly SeededBug[] = [...PARTICIPANT, ...ENGINE, ...ORCHESTRATOR];
