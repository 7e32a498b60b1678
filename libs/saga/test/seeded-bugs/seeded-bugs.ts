/* Bugs that a developer could write: in the engine, in the participants' protocol, and around a commit. */
import type { Change } from './mutated';

/** A promise, and the simulator's message when it is broken. */
export interface Promised {
  readonly promise: string;
  readonly violation: RegExp;
}

export interface SeededBug {
  /** What is wrong, as a sentence. */
  readonly bug: string;
  /** The promise that it must break. */
  readonly breaks: Promised;
  readonly changes: readonly Change[];
}

const rule = (n: number, promise: string, orElse = /$^/): Promised => ({
  promise: `${promise} (rule ${n})`,
  violation: new RegExp(`\\(rule ${n}\\)|${orElse.source}`),
});

const NET_ZERO: Promised = {
  promise: 'a completed saga has each effect once, a compensated one has none',
  violation: /was done \d+ and compensated \d+ times|was compensated \d+ times and done \d+ times/,
};
const ENDS: Promised = {
  promise: 'every saga ends when the faults do',
  violation: /does not come to rest|is still (PAUSED|RUNNING) without faults|is PENDING for ever/,
};
const FAMILY: Promised = { promise: 'a child ends as its parent does', violation: /and its child/ };
const RULE_1 = rule(1, 'only the awaited answer counts');
const RULE_3 = rule(3, 'a stage settles as a whole before it is left or compensated');
const RULE_4 = rule(4, 'only a step that is DONE or UNKNOWN is compensated');
const RULE_5 = rule(5, 'an ended saga does not change');
const RULE_6 = rule(6, 'a live saga has a next wake-up, a paused one has none', /is PAUSED and would wake up/);
const RULE_7 = rule(7, 'nothing is compensated past the pivot');
const RULE_9 = rule(9, 'a held command is not sent, and uses up neither attempts nor sends');
const FOUND: Promised = {
  promise: 'a step that waits for a hold is found when the hold ends',
  violation: /^steps that wait for a hold/,
};
const COUNTED: Promised = {
  promise: 'the statistics are what the histories say',
  violation: /^statistics: /,
};
const HISTORY = rule(8, 'the state is the fold of the history', /^the history says|of a history of/);

const bug = (words: string, breaks: Promised, file: string, from: string, to: string): SeededBug => ({
  bug: words,
  breaks,
  changes: [{ file, from, to }],
});

const DECIDE = 'src/deduplication/decide.ts';
const TRANSITION = 'src/engine/transition.ts';
const ANSWER = 'src/engine/answer.ts';
const ADVANCE = 'src/engine/advance.ts';
const SEND = 'src/engine/send.ts';
const DRAFT = 'src/engine/draft.ts';
const HELD_STEPS = 'src/holds/held-step.ts';
const SAGA_DELTA = 'src/statistics/saga-delta.ts';
const TURNS = 'src/runner/apply-events.ts';
const HANDLING = 'test/simulator/service-jobs.ts';
const KEEPING = 'test/simulator/service-database.ts';
const SAVING = 'test/simulator/orchestrator-database.ts';

const PARTICIPANT: readonly SeededBug[] = [
  bug(
    'a compensation that arrives first leaves no tombstone',
    NET_ZERO,
    DECIDE,
    "remembers(undoes) ? 'write-tombstone'",
    "remembers(undoes) ? 'nothing-to-undo'",
  ),
  bug(
    'a compensation runs although its action never arrived',
    NET_ZERO,
    DECIDE,
    "remembers(undoes) ? 'write-tombstone'",
    "remembers(undoes) ? 'run'",
  ),
  bug(
    'a tombstone does not prevent the action',
    ENDS,
    DECIDE,
    "reply === null ? { kind: 'drop' }",
    "reply === null ? { kind: 'run' }",
  ),
  bug('a duplicate is dropped instead of answered', ENDS, DECIDE, ": { kind: 'answer', reply }", ": { kind: 'drop' }"),
  bug(
    'a refused action is compensated',
    NET_ZERO,
    DECIDE,
    "undone.outcome === 'success' ?",
    "undone.outcome !== 'tombstone' ?",
  ),
  bug(
    'an action that took effect is not compensated',
    NET_ZERO,
    DECIDE,
    "undone.outcome === 'success' ?",
    'undone.reply === undefined ?',
  ),
  bug(
    'a compensation runs for the action of another saga',
    NET_ZERO,
    DECIDE,
    'if (!isActionOf(command, undone)) {',
    'if (command.sagaid === undone.id) {',
  ),
  bug(
    'a forgotten action is treated as one that never arrived',
    NET_ZERO,
    DECIDE,
    ": 'forgotten', undoes }",
    ": 'nothing-to-undo', undoes }",
  ),
  bug(
    'an unknown outcome is treated as a success',
    NET_ZERO,
    'src/runner/saga-input.ts',
    "return { kind: 'unknown', ...answer, objection: rejectionOf(data) };",
    "return { kind: 'replied', ...answer, reply: undefined };",
  ),
  bug(
    'a step that must applySuccess is re-sent under the id of another command',
    ENDS,
    ANSWER,
    'if (mustSucceed(step, direction)) {\n    waitForNextAttempt(draft, step);\n' +
      '    changeStep(draft, step, { exchange: { ...invocationOf(draft, step), unknown } });\n  }',
    '',
  ),
  {
    bug: 'a duplicate runs again',
    breaks: NET_ZERO,
    changes: [
      { file: DECIDE, from: 'if (own) return', to: 'if (own?.reply === null) return' },
      { file: KEEPING, from: 'if (rows.some(({ id }) => this.current.inbox.has(id))) return false;', to: '' },
    ],
  },
  bug(
    'the inbox row is not written in the transaction of the handler',
    NET_ZERO,
    KEEPING,
    'for (const row of rows) inbox.set(row.id, row);',
    'if (effect === undefined) for (const row of rows) inbox.set(row.id, row);',
  ),
  bug(
    'a failure is not stored',
    NET_ZERO,
    HANDLING,
    'if (world.commit(() => database.commit({ rows: [answeredRow(done.failed, delivery.digest)] })))',
    '',
  ),
  bug(
    'a reply is published before the WAL flush of its effect',
    ENDS,
    HANDLING,
    'world.services[service].waitForWalFlush();',
    '',
  ),
];

const ENGINE: readonly SeededBug[] = [
  bug('a late reply is accepted', RULE_1, TRANSITION, 'exchange.commandId === answer.commandId &&', ''),
  bug(
    'a reply of any participant is accepted',
    NET_ZERO,
    TRANSITION,
    "return commandSpecOf(step, answer.direction).command.service === answer.from ? undefined : 'foreign-reply';",
    'return undefined;',
  ),
  bug('an ended saga continues', RULE_5, TRANSITION, "if (hasEnded(state)) return 'saga-ended';", ''),
  bug('a second start begins the saga again', HISTORY, TRANSITION, 'if (state) return repeatedStart(state);', ''),
  bug(
    'the deadline applies after the pivot',
    ENDS,
    TRANSITION,
    'deadlineAt <= draft.now && cause === undefined && canCompensate(draft)',
    'deadlineAt <= draft.now && cause === undefined',
  ),
  bug(
    'the next wake-up is not set',
    RULE_6,
    TRANSITION,
    'if (draft.state.wakeAt !== wakeAt) change(draft, { wakeAt });',
    'void wakeAt;',
  ),
  bug('a step in backoff is never woken', ENDS, TRANSITION, 'else attemptNext(draft, step, exchange);\n}', '}'),
  bug(
    'an unanswered command is not sent again',
    ENDS,
    ANSWER,
    'if (!isLast(step, exchange, sends)) return sendAgain(draft, step);',
    'if (!isLast(step, exchange, sends)) return mustSucceed(step, direction) ? sendAgain(draft, step) : undefined;',
  ),
  bug(
    'an unanswered retriable is not sent again',
    ENDS,
    ANSWER,
    'if (!isLast(step, exchange, sends)) return sendAgain(draft, step);',
    'if (!isLast(step, exchange, sends)) return mustSucceed(step, direction) ? undefined : sendAgain(draft, step);',
  ),
  bug(
    'a missing reply is treated as a failure',
    NET_ZERO,
    ANSWER,
    "{\n    return giveUp(draft, step, 'UNKNOWN');",
    "{\n    return giveUp(draft, step, 'FAILED');",
  ),
  bug(
    'the pivot is guessed',
    NET_ZERO,
    ANSWER,
    "if (direction === 'action' && step.kind === 'compensatable') {",
    "if (direction === 'action' && step.kind !== 'retriable') {",
  ),
  bug(
    'a refused step is compensated',
    RULE_4,
    ADVANCE,
    "(status === 'DONE' || status === 'UNKNOWN')) attempt",
    "status !== 'COMPENSATED' && status !== 'COMPENSATING') attempt",
  ),
  {
    bug: 'a step with an unknown outcome is not compensated',
    breaks: RULE_3,
    changes: [
      {
        file: ADVANCE,
        from: "(status === 'DONE' || status === 'UNKNOWN')) attempt",
        to: "status === 'DONE') attempt",
      },
      {
        file: ADVANCE,
        from: "return status !== 'DONE' && status !== 'UNKNOWN' && status !== 'COMPENSATING';",
        to: "return status !== 'DONE' && status !== 'COMPENSATING';",
      },
    ],
  },
  bug(
    'a stage is left before all of it has settled',
    RULE_3,
    ADVANCE,
    '.every((step) => isSettled(stepState(draft, step)));',
    '.some((step) => isSettled(stepState(draft, step)));',
  ),
  bug(
    'a stage counts as compensated before all of it is',
    RULE_3,
    ADVANCE,
    '.every(\n    (step) => !step.compensation',
    '.some(\n    (step) => !step.compensation',
  ),
  bug(
    'compensation begins with the first stage',
    RULE_3,
    ADVANCE,
    "change(draft, { status: 'COMPENSATING' });",
    "change(draft, { status: 'COMPENSATING', stage: 0 });",
  ),
  bug(
    'compensation ends with the last stage',
    RULE_3,
    ADVANCE,
    'change(draft, { stage: draft.state.stage - 1 });',
    'change(draft, { stage: -1 });',
  ),
  bug(
    'a stage that will be compensated begins further steps',
    RULE_4,
    ADVANCE,
    "if (willCompensate(draft)) changeStep(draft, step, { status: 'SKIPPED', held: undefined });\n" +
      '    else if (held === undefined || isReleased(draft, step)) beginUnlessSkipped(draft, step);',
    'beginUnlessSkipped(draft, step);',
  ),
  bug(
    'a child is not compensated with its parent',
    FAMILY,
    ADVANCE,
    "else if (step.child || (held && step.kind === 'compensatable')) giveUp(draft, step, 'UNKNOWN');",
    "else if (step.child) giveUp(draft, step, 'FAILED');",
  ),
  bug(
    'a command is sent again under a new id',
    ENDS,
    SEND,
    'else send(draft, step, { ...exchange, sends: exchange.sends + 1, triesLeft: oneLess(exchange.triesLeft) });',
    'else attempt(draft, step, exchange.direction, exchange.attempt);',
  ),
  bug('two commands get the same id', ENDS, SEND, 'change(draft, { commands: n });', ''),
  bug(
    'a compensation does not name the command that it undoes',
    NET_ZERO,
    SEND,
    "const undoes = direction === 'compensation' ? actionId : undefined;",
    'const undoes = direction === undefined ? actionId : undefined;',
  ),
  bug(
    'a compensation undoes the first attempt',
    NET_ZERO,
    SEND,
    "...(direction === 'action' ? { actionId: id } : {}),",
    "...(direction === 'action' ? { actionId: actionId ?? id } : {}),",
  ),
  bug(
    'a retriable step fails',
    RULE_7,
    DRAFT,
    "direction === 'compensation' || step.kind === 'retriable'",
    "direction === 'compensation'",
  ),
  bug(
    'a compensation fails',
    NET_ZERO,
    DRAFT,
    "direction === 'compensation' || step.kind === 'retriable'",
    "step.kind === 'retriable'",
  ),
  bug(
    'cancel is accepted after the pivot',
    ENDS,
    'src/engine/operate.ts',
    "return canCompensate(draft) ? undefined : 'past-the-pivot';",
    'return undefined;',
  ),
  bug(
    'the outcome reported by an operator is inverted',
    NET_ZERO,
    'src/engine/operate.ts',
    "if (outcome === 'success')",
    "if (outcome !== 'success')",
  ),
  bug(
    'a skipped compensation counts as done',
    NET_ZERO,
    'src/engine/operate.ts',
    "status: 'COMPENSATION_SKIPPED'",
    "status: 'COMPENSATED'",
  ),
  bug(
    'a step that is not being compensated can be skipped',
    RULE_3,
    'src/engine/operate.ts',
    "return isBeingCompensated(draft, event.step) ? undefined : 'nothing-to-skip';",
    'return undefined;',
  ),
  bug(
    'a paused saga keeps its wake-up',
    RULE_6,
    'src/engine/halt.ts',
    "status: 'PAUSED', pause, wakeAt: undefined }",
    "status: 'PAUSED', pause }",
  ),
];

const ORCHESTRATOR: readonly SeededBug[] = [
  bug(
    'no timer is armed',
    ENDS,
    TURNS,
    'if (hasEnded(state) || state.wakeAt === undefined) return undefined;',
    'if (state.wakeAt !== 0) return undefined;',
  ),
  bug('a saga moves to the newest version', HISTORY, TURNS, 'if (state.version !== 0) return state;', ''),
  bug(
    'a paused saga without version never begins',
    ENDS,
    TURNS,
    '{ definition, version: registry.newest(definition)?.version ?? 0 }',
    'state',
  ),
  bug(
    'an update is saved over a concurrent one',
    HISTORY,
    SAVING,
    'return row?.revision === before?.revision && row?.armedAt === before?.armedAt;',
    'return row === undefined || before !== undefined;',
  ),
  bug(
    'a claimed timer does not fire again',
    ENDS,
    SAVING,
    'for (const id of live) this.timers.set(id, now + LEASE_MS);',
    '',
  ),
  bug(
    'a start is deleted from the outbox before it is published',
    ENDS,
    HANDLING,
    'world.publish(rows);',
    'world.starts.acknowledge(orderIds);\n  world.publish(rows);',
  ),
  bug(
    'a start is deleted when the broker has acknowledged it',
    ENDS,
    HANDLING,
    'for (const orderId of orderIds) world.starts.markPublished(orderId, world.now);',
    'world.starts.acknowledge(orderIds);',
  ),
  bug(
    'a redelivered start is not acknowledged',
    ENDS,
    'test/simulator/orchestrator-jobs.ts',
    'if (input.acknowledge) receipts.add(input.acknowledge);',
    'if (input.acknowledge && !world.orchestrator.find(input.sagaId)) receipts.add(input.acknowledge);',
  ),
  bug(
    'a start is acknowledged before its saga is committed',
    ENDS,
    'test/simulator/orchestrator-jobs.ts',
    'yield* advance(world, self, inputs, receipts);',
    "world.publish(receipts.messages().map(({ topic, value }) => ({ topic, key: '', payload: String(value) })));\n" +
      "  yield 'published';\n  yield* advance(world, self, inputs);",
  ),
  bug(
    'no start is acknowledged',
    ENDS,
    'src/runner/receipts.ts',
    'if (source === this.ownSource',
    'if (source !== this.ownSource',
  ),
  bug(
    'the start is not in the transaction of the order',
    ENDS,
    HANDLING,
    "    world.starts.request({ id, saga, input }, world.now);\n  });\n  yield 'committed';",
    "  });\n  yield 'committed';\n  world.starts.request({ id, saga, input }, world.now);",
  ),
];

const HOLDS: readonly SeededBug[] = [
  bug(
    'a reply that arrives during a hold is ignored',
    RULE_1,
    TRANSITION,
    "  const awaited =\n    exchange?.waitsFor === 'reply' &&",
    "  const awaited =\n    state.steps[step.name]?.held === undefined &&\n    exchange?.waitsFor === 'reply' &&",
  ),
  bug(
    'a release sends a second command while the first is unanswered',
    RULE_1,
    SEND,
    "if (exchange?.waitsFor === 'reply') send(draft, step, { ...exchange, sends: 1 });",
    "if (exchange?.waitsFor === 'reply') attempt(draft, step, exchange.direction, exchange.attempt);",
  ),
  bug(
    'a probe counts as a send',
    RULE_9,
    SEND,
    'send(draft, step, { ...exchange, isProbe: true });',
    'send(draft, step, { ...exchange, sends: exchange.sends + 1, isProbe: true });',
  ),
  bug(
    'a new command is sent although it is held',
    RULE_9,
    SEND,
    'command)) return hold(draft, step);',
    'command)) hold(draft, step);',
  ),
  bug(
    'a hold never ends',
    ENDS,
    SEND,
    'return !isHeld(draft, step, commandSpecOf',
    'return false && !isHeld(draft, step, commandSpecOf',
  ),
  bug(
    'a step that waits for a hold is not stored',
    FOUND,
    HELD_STEPS,
    'if (held.checkAt !== was?.held?.checkAt) kept',
    'if (was?.exchange && held.checkAt !== was.held?.checkAt) kept',
  ),
  bug(
    'a released step is stored as a waiting one',
    FOUND,
    HELD_STEPS,
    'was.held.since, true)',
    'was.held.since, false)',
  ),
];

const STATISTICS: readonly SeededBug[] = [
  bug(
    'of several events that are saved together only the last is counted',
    COUNTED,
    TURNS,
    'sagaDelta(registry, before?.state, appliedToSaga, now)',
    'sagaDelta(registry, before?.state, appliedToSaga.slice(-1), now)',
  ),
  bug(
    'a paused saga counts as ended',
    COUNTED,
    SAGA_DELTA,
    'const isOpen = !hasEnded(after);',
    "const isOpen = !hasEnded(after) && after.status !== 'PAUSED';",
  ),
];

export const SEEDED_BUGS: readonly SeededBug[] = [...PARTICIPANT, ...ENGINE, ...ORCHESTRATOR, ...HOLDS, ...STATISTICS];
