/*
 * Runs the real engine on one saga in virtual time; the test acts as all participants. Nothing is sent or stored, and
 * no real time passes. Works with any test runner: a failed expectation throws a SagaTestError.
 */
import {
  assertValid,
  type CommandContract,
  type Rejection,
  type Parent,
  type RefusalsOf,
  type ReplyOf,
  type SagaTypeError,
  type SignalContract,
  type SignalOf,
} from '../contract';
import { commandsOf, milliseconds, stepsOf, type Duration, type SagaDefinition } from '../definition';
import {
  sentOf,
  statusOfStep,
  transition,
  type HistoryEntry,
  type SagaEvent,
  type SagaState,
  type SagaStatus,
  type SendCommand,
  type StepStatus,
  type TransitionResult,
} from '../engine';
import { describeSaga } from './describe-saga';
import { SagaTestError } from './saga-test-error';
import { unexpectedIn, UnseenCommands, type CommandGroup } from './unseen-commands';

const SAGA_ID = '019b76da-a800-7000-8000-00005a6a7e57';
const STARTED_AT = Date.UTC(2026, 0, 1);
const MAX_WAKE_UPS = 1_000;

/** The reply to this command; nothing for a command that is answered without data. */
type ReplyData<C> = ReplyOf<C> extends undefined ? [] : [reply: ReplyOf<C>];
type ReasonOf<C> = [RefusalsOf<C>] extends [never]
  ? SagaTypeError<'This command declares no refusals: add them to defineCommand'>
  : RefusalsOf<C>;
type OperatorAction = 'pause' | 'retry' | 'cancel';

/** A test whose saga has not begun. */
export interface SagaTestStart<Input extends object> {
  /** Starts the saga at midnight of 1 January 2026, UTC; with a parent, as its child. */
  start(input: Input, parent?: Parent): SagaTest;
}

/**
 * A test of a saga definition, without broker, database or clock:
 *
 * ```ts
 * const saga = sagaTest(placeOrder).start(anOrder());
 * saga.reply(reserveStock, { reservationId: 'r-1' });
 * saga.refuse(authorizePayment, 'card-declined');
 * saga.compensate(releaseStock, rejectOrder).expectStatus('COMPENSATED');
 * ```
 */
export function sagaTest<Input extends object>(definition: SagaDefinition<Input>): SagaTestStart<Input> {
  return { start: (input, parent) => new SagaTest(definition, input, parent) };
}

/** One saga, with the test as all its participants. Begin with {@link sagaTest}. */
export class SagaTest {
  private readonly entries: HistoryEntry[] = [];
  private readonly unseen: UnseenCommands;
  private current: SagaState;
  private clock = STARTED_AT;
  private readonly held = new Set<string>();

  /** @internal */
  constructor(
    private readonly definition: SagaDefinition,
    input: object,
    parent?: Parent,
  ) {
    const { name, version } = definition;
    this.unseen = new UnseenCommands((step) => stageOf(definition, step));
    const kin = parent ? { parent } : {};
    const event: SagaEvent = { kind: 'started', sagaId: SAGA_ID, definition: name, version, input, ...kin };
    this.current = this.record(event, transition(definition, undefined, event, this.clock));
  }

  /** The whole state of the saga, as the orchestrator stores it. */
  get state(): SagaState {
    return this.current;
  }

  /** What happened so far, with the commands that were sent for it, oldest first. */
  get history(): readonly HistoryEntry[] {
    return this.entries;
  }

  /** The virtual time, in milliseconds since 1970. */
  get now(): number {
    return this.clock;
  }

  /** Replies success. Throws when the command is not awaited, or the reply violates the contract. */
  reply<C extends CommandContract>(contract: C, ...[reply]: ReplyData<C>): this {
    if (contract.reply) assertValid(`The reply to ${contract.name}`, contract.reply, reply);
    return this.answer(contract, { kind: 'replied', reply });
  }

  /** Replies a refusal, for a reason that the contract declares. */
  refuse<C extends CommandContract>(contract: C, reason: ReasonOf<C>, detail?: string): this {
    if (!contract.refusals.includes(reason)) {
      throw new SagaTestError(`${contract.name} does not declare the refusal "${reason}"; add it to its contract.`);
    }
    return this.answer(contract, { kind: 'refused', objection: rejectionOf(reason, detail) });
  }

  /** Replies a failure: the handler threw, and nothing happened. */
  fail(contract: CommandContract, message: string): this {
    return this.answer(contract, { kind: 'failed', objection: rejectionOf('handler-threw', message) });
  }

  /**
   * Lets time pass without a reply, until the step fails, the saga pauses, or the step is held. Answer parallel
   * commands first.
   */
  silence(contract: CommandContract): this {
    const { commandId } = this.awaited(contract);
    const waits = (): boolean =>
      Object.values(this.state.steps).some(({ exchange, held }) => exchange?.commandId === commandId && !held);
    for (let wakeUps = 0; waits() && this.state.wakeAt !== undefined; wakeUps += 1) {
      if (wakeUps === MAX_WAKE_UPS)
        throw new SagaTestError(`${contract.name} is re-sent without limit. ${describeSaga(this.state)}`);
      this.wakeAt(this.state.wakeAt);
    }
    return this;
  }

  /** Lets time pass; timers fire at their own instants on the way. */
  passTime(duration: Duration): this {
    const until = this.clock + milliseconds(duration);
    while (this.state.wakeAt !== undefined && this.state.wakeAt <= until) this.wakeAt(this.state.wakeAt);
    this.clock = until;
    return this;
  }

  /** Holds the commands of this service, or this command, because its participant is away. */
  holds(what: string | CommandContract): this {
    for (const type of this.typesOf(what)) this.held.add(type);
    return this;
  }

  /** Ends a hold: the held commands are sent. */
  releases(what: string | CommandContract): this {
    return this.endsUnheard(what).mustCount('the end of the hold', { kind: 'released' });
  }

  /** Ends a hold without a release of the saga, as when the orchestrator dies: the saga notices the end by itself. */
  endsUnheard(what: string | CommandContract): this {
    for (const type of this.typesOf(what)) this.held.delete(type);
    return this;
  }

  /** Sends the command of this held step as a probe, to find out whether its participant is back. */
  probe(step: string): this {
    return this.mustCount('the probe', { kind: 'probed', step });
  }

  /** Pauses the saga, as an operator. Throws when the saga ignores it, such as after its end. */
  pause(reason = 'a test'): this {
    return this.operate('pause', reason);
  }

  /**
   * Resumes the saga, as an operator. Throws when it is not paused.
   *
   * @param attempts the most tries before the saga pauses again; by default the definition decides
   */
  resume(reason = 'a test', attempts?: number): this {
    return this.mustCount('resume', { kind: 'resume', by: 'the test', reason, ...(attempts ? { attempts } : {}) });
  }

  /** Sends immediately what waits for a time. */
  retry(reason = 'a test'): this {
    return this.operate('retry', reason);
  }

  /** Cancels the saga, as an operator: it compensates. Throws when the saga ignores it, such as after its pivot. */
  cancel(reason = 'a test'): this {
    return this.operate('cancel', reason);
  }

  /** Gives the saga a signal that it waits for now or later. Throws when the saga cannot use it. */
  signal<S extends SignalContract>(contract: S, payload: SignalOf<S>): this {
    assertValid(`The signal ${contract.name}`, contract.payload, payload);
    return this.mustCount(`the signal ${contract.name}`, { kind: 'signalled', signal: contract.name, payload });
  }

  /** Resolves the command that this step waits for, as an operator who knows its outcome. */
  resolve(step: string, outcome: 'success' | 'failure', reply?: object): this {
    return this.mustCount('resolve', { kind: 'resolve', step, outcome, reply, by: 'the test', reason: 'a test' });
  }

  /** Skips the compensation of this step, as an operator. */
  skip(step: string): this {
    return this.mustCount('skip', { kind: 'skip', step, by: 'the test', reason: 'a test' });
  }

  /** Applies any event, for what the other methods cannot express, such as a duplicate or a foreign reply. */
  deliver(event: SagaEvent): TransitionResult {
    const underHolds = this.held.size === 0 ? event : { ...event, held: [...this.held] };
    const turn = transition(this.definition, this.current, underHolds, this.clock);
    this.current = this.record(underHolds, turn);
    return turn;
  }

  /** Returns the command of this contract that waits for an answer; the first of several. */
  awaited(contract: CommandContract): SendCommand {
    const sent = this.unseen.first(({ command, commandId, step }) => {
      const exchange = this.state.steps[step]?.exchange;
      return command === contract && exchange?.waitsFor === 'reply' && exchange.commandId === commandId;
    });
    if (sent === undefined) {
      throw new SagaTestError(`${contract.name} is not waiting for an answer. ${describeSaga(this.state)}`);
    }
    return sent;
  }

  /**
   * Expects that exactly these commands were sent since the last expectation, in this order; those of one stage (of a
   * `parallel` or a `forEach`) in any order among themselves. A command that was sent again counts again. An answered
   * command counts as seen. Does not answer: a later stage sends only after the test has answered the earlier one.
   *
   * @throws SagaTestError that lists all commands so far, with their steps and directions.
   */
  expectCommands(...expected: readonly CommandContract[]): this {
    const problem = unexpectedIn(this.unseen.take(), expected);
    if (problem !== undefined) throw this.unlike(expected, problem);
    return this;
  }

  /**
   * Answers these compensations with success, stage after stage, and expects that the saga sends exactly these, in this
   * order; those of one stage in any order among themselves.
   *
   * @throws SagaTestError that lists all commands so far, with their steps and directions.
   */
  compensate(...expected: readonly CommandContract[]): this {
    const groups: CommandGroup[] = [];
    for (let sent = this.unseen.take(); sent.length > 0; sent = this.unseen.take()) {
      groups.push(...sent);
      const action = sent.flat().find(({ direction }) => direction === 'action');
      if (action) throw this.unlike(expected, `${action.command.name} was sent, which compensates nothing`);
      // An unexpected one is not answered, so that the error shows the saga's state when it was sent.
      if (unexpectedIn(groups, expected.slice(0, groups.flat().length)) !== undefined) break;
      for (const command of sent.flat()) this.answerCompensation(command);
    }
    const problem = unexpectedIn(groups, expected);
    if (problem !== undefined) throw this.unlike(expected, problem);
    return this;
  }

  /** Expects this status of the saga. @throws SagaTestError that describes the saga */
  expectStatus(status: SagaStatus): this {
    if (this.state.status === status) return this;
    throw new SagaTestError(`The saga is not ${status}. ${describeSaga(this.state)}`);
  }

  /**
   * Expects this status of a step; a branch of a forEach is `parcels[0]`. @throws SagaTestError that describes the saga
   */
  expectStep(name: string, status: StepStatus): this {
    const known = name in this.state.steps || this.hasForEach(name);
    const found = statusOfStep(this.state, name);
    if (known && found === status) return this;
    const problem = known ? `is ${found}, not ${status}` : 'is not a step of this saga';
    throw new SagaTestError(`${name} ${problem}. ${describeSaga(this.state)}`);
  }

  /** True when there is a forEach with this name; it has no state of its own before its items are counted. */
  private hasForEach(name: string): boolean {
    const looked = this.state.groups?.[name] !== undefined;
    return !looked && stepsOf(this.definition).some((step) => step.forEach && step.name === name);
  }

  /** Expects that this step waits for a hold to end. @throws SagaTestError that describes the saga */
  expectHeld(step: string): this {
    if (this.state.steps[step]?.held) return this;
    throw new SagaTestError(`${step} is not held. ${describeSaga(this.state)}`);
  }

  private typesOf(what: string | CommandContract): string[] {
    if (typeof what !== 'string') return [what.type];
    const types = commandsOf(this.definition).flatMap(({ service, type }) => (service === what ? type : []));
    if (types.length === 0) throw new SagaTestError(`${this.definition.name} has no command of ${what}.`);
    return types;
  }

  private answerCompensation(command: SendCommand): void {
    if (command.direction === 'compensation') this.deliver(toEvent(command, { kind: 'replied', reply: undefined }));
  }

  private answer(contract: CommandContract, answer: Answer): this {
    const command = this.awaited(contract);
    this.unseen.see(command.commandId);
    this.deliver(toEvent(command, answer));
    return this;
  }

  private operate(kind: OperatorAction, reason: string): this {
    return this.mustCount(kind, { kind, by: 'the test', reason });
  }

  private mustCount(what: string, event: SagaEvent): this {
    const { ignored } = this.deliver(event);
    if (ignored) throw new SagaTestError(`The saga ignores ${what}: ${ignored}. ${describeSaga(this.state)}`);
    return this;
  }

  private wakeAt(instant: number): void {
    this.clock = Math.max(this.clock, instant);
    this.deliver({ kind: 'time-passed' });
  }

  private record(event: SagaEvent, turn: TransitionResult): SagaState {
    const seq = this.entries.length + 1;
    this.entries.push({ seq, at: this.clock, event, sent: sentOf(turn), ignored: turn.ignored });
    this.unseen.add(turn.sends);
    return turn.state;
  }

  private unlike(expected: readonly CommandContract[], problem: string): SagaTestError {
    const names = expected.map(({ name }) => name).join(', ') || 'no command';
    return new SagaTestError(`Expected ${names}: ${problem}. ${describeSaga(this.state)}\n${this.unseen.describe()}`);
  }
}

type Answer =
  | { readonly kind: 'replied'; readonly reply: unknown }
  | { readonly kind: 'refused' | 'failed'; readonly objection: Rejection };

function stageOf({ stages }: SagaDefinition, step: string): number {
  const defined = step.replace(/\[\d+\]$/, '');
  return stages.findIndex(({ steps }) => steps.some(({ name }) => name === defined));
}

function toEvent({ commandId, step, direction, command }: SendCommand, answer: Answer): SagaEvent {
  return { commandId, step, direction, from: command.service, ...answer };
}

function rejectionOf(reason: string, detail?: string): Rejection {
  return detail === undefined ? { reason } : { reason, detail };
}
