/*
 * The holds of one orchestrator: which exist, and when the orchestrator places one itself. All instances read the same
 * table every second. Between two reads they may disagree, which delays or sends a command of a saga a second longer
 * than it should.
 */
import type { CommandContract } from '../contract';
import {
  commandsOf,
  stepNamed,
  type DefinitionRegistry,
  type SagaDefinition,
  type StepDefinition,
} from '../definition';
import {
  checkReply,
  heldCommand,
  isLast,
  type AnswerEvent,
  type SagaEvent,
  type SagaState,
  type StepState,
} from '../engine';
import { definedFields, SummedLog, untilDatabaseAnswers, type Log, type LogFields } from '../messaging';
import { heldKeys, isSameWhere, type Hold, type HoldWhere } from './hold';
import { HOLD_RULE, type HoldRules } from './hold-settings';
import type { HoldEnd, HoldStore, NewHold, WaitingForHolds } from './hold-store';
import type { ParticipantHealth } from './participant-health';

/** The operator name under which the orchestrator places and ends its own holds. */
export const ORCHESTRATOR = 'the orchestrator';

const CONSIDERED: ReadonlySet<SagaEvent['kind']> = new Set([
  'time-passed',
  'replied',
  'refused',
  'failed',
  'broken',
  'unknown',
]);

interface HoldsOptions {
  readonly registry: DefinitionRegistry;
  readonly store: HoldStore;
  readonly rules: HoldRules;
  readonly health: ParticipantHealth;
  readonly log: Log;
}

export class Holds {
  private readonly registry: DefinitionRegistry;
  private readonly store: HoldStore;
  private readonly rules: HoldRules;
  private readonly health: ParticipantHealth;
  private readonly log: Log;
  private readonly summed: SummedLog;
  private inForce: readonly Hold[] = [];
  private keys = new WeakMap<SagaDefinition, readonly string[]>();
  /** Whether released sagas still wait for a reply; only then are replies compared with them. */
  releasing = false;
  private refreshes = 0;
  /** The number of the last refresh whose result was used. */
  private refreshed = 0;

  constructor({ registry, store, rules, health, log }: HoldsOptions) {
    this.registry = registry;
    this.store = store;
    this.rules = rules;
    this.health = health;
    this.log = log;
    this.summed = new SummedLog(log);
  }

  /** Writes the log lines that were summed up so far. */
  close(): void {
    this.summed.sumUp();
  }

  get all(): readonly Hold[] {
    return this.inForce;
  }

  /** What is held of this definition's sagas: types of commands, and names of steps. Undefined when nothing is. */
  heldOf(definition: SagaDefinition): readonly string[] | undefined {
    if (this.inForce.length === 0) return undefined;
    let keys = this.keys.get(definition);
    if (keys === undefined) {
      keys = heldKeys(this.inForce, definition);
      this.keys.set(definition, keys);
    }
    return keys.length === 0 ? undefined : keys;
  }

  /** Reads the holds before anything else happens; waits for a database that is away. */
  async load(signal: AbortSignal): Promise<void> {
    await untilDatabaseAnswers('read the holds', () => this.refresh(), this.log, signal);
  }

  /** Reads the holds again. The result of an earlier refresh that arrives later is dropped. */
  async refresh(): Promise<void> {
    const number = (this.refreshes += 1);
    const inForce = await this.store.inForce();
    if (number < this.refreshed) return;
    this.refreshed = number;
    this.inForce = inForce;
    this.keys = new WeakMap();
  }

  async place(hold: NewHold): Promise<Hold | undefined> {
    const placed = await this.store.place(hold);
    if (placed)
      this.log.warn(`${placeOf(placed.where)} is held by ${placed.by}: ${placed.reason}`, placedFields(placed));
    await this.refresh();
    return placed;
  }

  /** Places a hold because a participant does not reply. Where operators alone place holds, it only warns. */
  private async placeForSilence({ where, reason, isHeld, fields }: Silence): Promise<void> {
    const hold = { where, reason, cause: 'silence', by: ORCHESTRATOR } as const;
    const placed = isHeld ? await this.store.place(hold) : undefined;
    if (placed || !isHeld)
      this.summed.write({
        level: 'warn',
        event: 'participant-silent',
        kind: where,
        text: isHeld ? `${placeOf(where)} is held by ${ORCHESTRATOR}: ${reason}` : `${reason}; nothing is held`,
        fields: { ...fields, hold: placed?.id },
      });
    if (isHeld) await this.refresh();
  }

  /** Ends a hold and returns it; undefined when it has ended before. */
  async end(id: string, end: HoldEnd): Promise<Hold | undefined> {
    const ended = await this.store.end(id, end);
    if (ended) this.log.log(`${placeOf(ended.where)} is no longer held (${end.by}: ${end.reason})`, endedFields(ended));
    await this.refresh();
    return ended;
  }

  /** The oldest hold in force on the command of a held step. */
  holdOn(definition: SagaDefinition, step: StepDefinition, state: StepState): Hold | undefined {
    const keys = [step.branch?.of.name ?? step.name, heldCommand(step, state)?.type];
    return this.inForce.find((hold) => heldKeys([hold], definition).some((key) => keys.includes(key)));
  }

  /**
   * How many sagas wait for each of these holds, and for all of them. The sagas of an ended hold are those that were not
   * released yet, unless another hold applies to them.
   */
  async waitingFor(holds: readonly Hold[]): Promise<WaitingForHolds> {
    if (holds.length === 0) return { each: new Map(), sagas: 0 };
    const keys = this.registry.all().flatMap((definition) => {
      const { name, version } = definition;
      const held = this.heldOf(definition) ?? [];
      return holds.flatMap((hold) =>
        heldKeys([hold], definition)
          .filter((key) => !hold.ended || !held.includes(key))
          .map((key) => ({ hold: hold.id, definition: name, version, key })),
      );
    });
    return this.store.waitingFor(keys);
  }

  /** Ends the holds that have expired. */
  async endExpired(): Promise<void> {
    const expired = await this.store.endExpired();
    for (const hold of expired)
      this.log.log(`${placeOf(hold.where)} is no longer held: the hold expired`, endedFields(hold));
    if (expired.length > 0) await this.refresh();
  }

  /**
   * Records how participants answer, and looks for signs of an outage in the events that are about to be applied to
   * this saga: a command without a reply, or a failure that is not specific to the saga. Undefined when there is
   * nothing to do. Otherwise resolves when holds were placed or ended, so that the engine decides with them.
   */
  consider(state: SagaState, events: readonly SagaEvent[], now: number): Promise<unknown> | undefined {
    let changes: Promise<unknown>[] | undefined;
    for (const event of events) {
      if (!CONSIDERED.has(event.kind)) continue;
      const definition = this.registry.find(state.definition, state.version);
      const change = definition && this.considerOne(definition, state, event, now);
      if (change) (changes ??= []).push(change);
    }
    return changes && Promise.all(changes);
  }

  private considerOne(
    definition: SagaDefinition,
    state: SagaState,
    event: SagaEvent,
    now: number,
  ): Promise<unknown> | undefined {
    const silence = event.kind === 'time-passed' ? this.silentIn(definition, state, now) : undefined;
    if (silence) return this.placeForSilence(silence);
    return 'commandId' in event ? this.considerAnswer(definition, state, event, now) : undefined;
  }

  private considerAnswer(
    definition: SagaDefinition,
    state: SagaState,
    event: AnswerEvent,
    now: number,
  ): Promise<unknown> | undefined {
    const step = stepNamed(definition, event.step);
    const command = step?.[event.direction]?.command;
    if (command === undefined || command.service !== event.from) return undefined;
    const sent = sentAt(definition, state, event);
    if (event.kind === 'failed') {
      this.health.failed(command.type, { sagaId: state.id, reason: event.objection.reason }, sent?.first, now);
      const suspected = this.failingIn(definition, state, event, now);
      if (suspected) return this.place({ ...suspected, by: ORCHESTRATOR });
    } else if (isSuccess(event)) this.health.succeeded(command.type, sent?.first, now);
    else this.health.answered(command.type, sent?.first, now);
    if (this.inForce.length === 0) return undefined;
    // Replies are checked against their contract a second time only while something is held.
    return this.endFor(command, checkReply(definition, event) as AnswerEvent, sent?.last);
  }

  /**
   * An automatic hold ends with the reply to a command that was sent since it began; a hold for failures needs a
   * success or a refusal. Replies to earlier commands prove nothing: the participant has to process those before it
   * takes more.
   */
  private endFor(
    { service, name, type }: CommandContract,
    answer: AnswerEvent,
    sent: number | undefined,
  ): Promise<unknown> | undefined {
    const over = this.inForce.filter(({ cause, where, at }) => {
      if (!('service' in where) || where.service !== service) return false;
      if (where.command !== undefined && where.command !== name) return false;
      if (cause === 'by-hand' || sent === undefined || sent < at) return false;
      return cause === 'silence' || isSuccess(answer);
    });
    if (over.length === 0) return undefined;
    if (isSuccess(answer)) this.health.forgetFailures(type);
    const end = { by: ORCHESTRATOR, reason: `${name} was answered` };
    return Promise.all(over.map(({ id }) => this.end(id, end)));
  }

  private silentIn(definition: SagaDefinition, state: SagaState, now: number): Silence | undefined {
    for (const [name, { exchange, held }] of Object.entries(state.steps)) {
      if (exchange?.waitsFor !== 'reply' || held || exchange.wakeAt > now) continue;
      const step = stepNamed(definition, name);
      const commandSpec = step?.[exchange.direction];
      // A child saga may take any time.
      if (step === undefined || commandSpec === undefined || step.child) continue;
      const since = exchange.wakeAt - exchange.sends * commandSpec.timeoutMs;
      const { type, service, name: command } = commandSpec.command;
      if (this.isHeld(definition, step, type)) continue;
      const rule = this.rules.for(definition.name, service);
      const last = isLast(step, exchange, exchange.sends);
      if (!this.health.isSilent(type, since, now, last, rule ?? HOLD_RULE)) continue;
      const seconds = Math.round((now - since) / 1_000);
      const others = this.commandsOf(service).filter((other) => other !== type);
      const all = others.every((other) => (this.health.answeredAt(other) ?? 0) < since);
      return {
        where: all ? { service } : { service, command },
        reason: `${all ? service : command} has not replied to any command of the last ${seconds} s`,
        isHeld: rule !== undefined,
        fields: {
          ...sagaFields(state),
          step: name,
          command,
          attempt: exchange.attempt,
          sends: exchange.sends,
          seconds,
        },
      };
    }
    return undefined;
  }

  private failingIn(
    definition: SagaDefinition,
    { id, steps }: SagaState,
    event: Extract<SagaEvent, { kind: 'failed' }>,
    now: number,
  ): Suspected | undefined {
    const step = stepNamed(definition, event.step);
    const commandSpec = step?.[event.direction];
    const exchange = steps[event.step]?.exchange;
    if (step === undefined || commandSpec === undefined || exchange?.commandId !== event.commandId) return undefined;
    const last = isLast(step, exchange, exchange.attempt);
    const { type, service, name: command } = commandSpec.command;
    const { reason } = event.objection;
    const rule = this.rules.for(definition.name, service);
    const where = { service, command };
    // Only an equal hold makes another one superfluous; a hold for silence would end with this reply.
    if (this.inForce.some((hold) => isSameWhere(hold.where, where) && hold.cause !== 'silence')) return undefined;
    const failure = { sagaId: id, reason };
    const siblings = this.commandsOf(service);
    if (rule === undefined || !this.health.isFailing(type, failure, now, last, siblings, rule)) return undefined;
    return { where, cause: 'failures', reason: `${command} fails in several sagas: ${reason}` };
  }

  private isHeld(definition: SagaDefinition, { name, branch }: StepDefinition, type: string): boolean {
    const keys = this.heldOf(definition) ?? [];
    return keys.includes(type) || keys.includes(branch?.of.name ?? name);
  }

  private commandsOf(service: string): readonly string[] {
    const types = this.registry
      .all()
      .flatMap(commandsOf)
      .flatMap((command) => (command.service === service ? command.type : []));
    return [...new Set(types)];
  }
}

/** The participant did the command, or refused it for a business reason: it works. */
function isSuccess({ kind }: AnswerEvent): boolean {
  return kind === 'replied' || kind === 'refused';
}

type Suspected = Pick<NewHold, 'where' | 'cause' | 'reason'>;

/** A participant that does not reply, as one saga has noticed it. */
interface Silence {
  readonly where: { readonly service: string; readonly command?: string };
  readonly reason: string;
  /** False where operators alone place holds. */
  readonly isHeld: boolean;
  readonly fields: LogFields;
}

function sagaFields({ id: saga, subject, definition, version }: SagaState): LogFields {
  return { saga, subject, definition, version };
}

function placedFields({ id: hold, where, cause, by: operator, reason }: Hold): LogFields {
  return definedFields({ event: 'hold-placed', hold, ...where, cause, operator, reason });
}

function endedFields({ id: hold, where, ended }: Hold): LogFields {
  return definedFields({ event: 'hold-ended', hold, ...where, operator: ended?.by, reason: ended?.reason });
}

/** When the answered command was sent, first and last; undefined when no step waits for this reply. */
function sentAt(
  definition: SagaDefinition,
  { steps }: SagaState,
  event: AnswerEvent,
): { readonly first: number; readonly last: number } | undefined {
  const exchange = steps[event.step]?.exchange;
  const step = stepNamed(definition, event.step);
  const commandSpec = step?.[event.direction];
  if (exchange?.commandId !== event.commandId || commandSpec === undefined) return undefined;
  const { wakeAt, sends } = exchange;
  return { first: wakeAt - sends * commandSpec.timeoutMs, last: wakeAt - commandSpec.timeoutMs };
}

/** What is held, in words. */
export function placeOf(where: HoldWhere): string {
  if ('service' in where) return where.command ?? where.service;
  const { definition, version, step } = where;
  return `${definition}${version === undefined ? '' : ` v${version}`} ${step}`;
}
