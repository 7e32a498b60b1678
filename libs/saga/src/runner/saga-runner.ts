import { setImmediate as nextPhase } from 'node:timers/promises';
import {
  Acknowledged,
  deadLetter,
  envelopeMessage,
  type Hooks,
  type IncomingMessage,
  type Log,
  logDeadLetter,
  type OutgoingMessage,
  type Transport,
} from '../messaging';
import { shorten, UnreadableMessageError, type Rejection, type Parent } from '../contract';
import type { DefinitionRegistry } from '../definition';
import { callHook } from './call-hook';
import { claimedParent, isParentOf, type SagaInput, sagaInputOf } from './saga-input';
import { Receipts } from './receipts';
import { SagaLog } from './saga-log';
import type { Holds } from '../holds';
import { type OutgoingCommand, type SagaStore, type SagaUpdate, type StoredSaga } from '../store';
import { applyEvents } from './apply-events';
import { mayBeDeleted } from '../store';

const ROUNDS = 20;
const TIDY_AFTER_MS = 200;
/**
 * A batch of at least twice as many sagas is saved in parts: the database saves one part while the engine decides the
 * next.
 */
const LEAST_IN_PART = 32;

/** An input for a saga that does not exist, with the reason why it starts none. */
interface Unknown {
  readonly input: SagaInput;
  readonly rejection: Rejection;
}

/** A message, and the parent from which it claims to come. */
interface ParentClaim {
  readonly input: SagaInput;
  readonly parent: Parent;
}

/** Saved commands, inputs that lost a concurrent update, and inputs for sagas that do not exist. */
interface Advanced {
  readonly saved: readonly OutgoingCommand[];
  readonly lost: readonly SagaInput[];
  readonly unknown: readonly Unknown[];
}

export interface SagaRunnerOptions {
  readonly registry: DefinitionRegistry;
  readonly store: SagaStore;
  readonly transport: Transport;
  readonly log: Log;
  readonly holds?: Holds | undefined;
  readonly hooks?: Hooks | undefined;
  /** For how many days after its end a saga is kept. @default Infinity */
  readonly keptForDays?: number | undefined;
}

/** Advances sagas: reads them, lets the engine decide, saves the result, then publishes. */
export class SagaRunner {
  readonly sagaLog: SagaLog;
  private readonly acknowledged = new Acknowledged();
  private deletingAcknowledged: NodeJS.Timeout | undefined;
  private readonly registry: DefinitionRegistry;
  private readonly store: SagaStore;
  private readonly transport: Transport;
  private readonly log: Log;
  private readonly holds: Holds | undefined;
  private readonly hooks: Hooks | undefined;
  private readonly keptForDays: number;

  constructor({ registry, store, transport, log, holds, hooks, keptForDays = Infinity }: SagaRunnerOptions) {
    this.registry = registry;
    this.store = store;
    this.transport = transport;
    this.log = log;
    this.sagaLog = new SagaLog(registry, log);
    this.holds = holds;
    this.hooks = hooks;
    this.keptForDays = keptForDays;
  }

  /**
   * Advances the sagas that these messages concern; resolves when the broker has acknowledged the resulting messages.
   */
  async handleBatch(messages: readonly IncomingMessage[]): Promise<void> {
    const inputs: SagaInput[] = [];
    const receipts = new Receipts(this.registry.heard);
    const deadLetters: OutgoingMessage[] = [];
    for (const message of messages) {
      try {
        const input = sagaInputOf(message, this.registry);
        inputs.push(input);
        if (input.acknowledge) receipts.add(input.acknowledge);
      } catch (error) {
        if (!(error instanceof UnreadableMessageError)) throw error;
        receipts.addUnread(message);
        deadLetters.push(this.toDeadLetter(message, { reason: error.reason, detail: error.message }));
      }
    }
    deadLetters.push(...(await this.advance(inputs, receipts)));
    await this.transport.publish(deadLetters);
  }

  /**
   * Applies events to sagas, whether they come from messages, timers or operators. Returns the dead letters of inputs for sagas
   * that do not exist.
   */
  async advance(inputs: readonly SagaInput[], receipts?: Receipts): Promise<OutgoingMessage[]> {
    const commands: OutgoingCommand[] = [];
    const deadLetters: OutgoingMessage[] = [];
    let left = inputs;
    for (let round = 0; left.length > 0; round += 1) {
      if (round === ROUNDS)
        throw new Error(`${left.length} messages lost every concurrent update to other orchestrators`);
      const { saved, lost, unknown } = await this.advanceOnce(left);
      commands.push(...saved);
      deadLetters.push(
        ...unknown.flatMap(({ input: { message }, rejection }) =>
          message ? [this.toDeadLetter(message, rejection)] : [],
        ),
      );
      left = lost;
    }
    await this.publish(commands, receipts?.messages());
    return deadLetters;
  }

  /** Publishes committed commands; the sweeper publishes those that the broker does not acknowledge. */
  async publish(commands: readonly OutgoingCommand[], beside: readonly OutgoingMessage[] = []): Promise<void> {
    if (commands.length === 0 && beside.length === 0) return;
    const messages = commands.map(({ topic, key, payload }): OutgoingMessage => ({
      ...envelopeMessage(topic, key, payload),
      refused: (why) => this.pauseRefused(key, why),
    }));
    await this.transport.publish([...messages, ...beside]);
    if (commands.length === 0) return;
    this.acknowledged.add(commands.map(({ id }) => id));
    this.deletingAcknowledged ??= setTimeout(() => {
      this.deletingAcknowledged = undefined;
      this.deleteAcknowledged().catch((error: unknown) =>
        this.log.warn(`acknowledged commands stay in the outbox for now: ${String(error)}`),
      );
    }, TIDY_AFTER_MS);
  }

  /** A command that its topic permanently rejects affects only its saga, whose id is its key. */
  private async pauseRefused(sagaId: string, why: string): Promise<void> {
    const detail = `A command could not be published: ${shorten(why, 300)}. Change the topic, then resume the saga.`;
    await this.advance([{ sagaId, event: { kind: 'halted', because: 'engine-fault', detail } }]);
  }

  /** Deletes what was acknowledged since the last batch. */
  async deleteAcknowledged(): Promise<void> {
    clearTimeout(this.deletingAcknowledged);
    this.deletingAcknowledged = undefined;
    if (!this.acknowledged.isEmpty) await this.save([]);
  }

  private async advanceOnce(inputs: readonly SagaInput[]): Promise<Advanced> {
    const bySaga = groupBySaga(inputs);
    const { sagas, now } = await this.store.read([...bySaga.keys()]);
    const advancing: Promise<Advanced>[] = [];
    for (const part of inParts([...bySaga])) {
      // Sends the statements that the previous part has queued.
      if (advancing.length > 0) await nextPhase();
      const advanced = this.advancePart(new Map(part), sagas, now);
      advanced.catch(() => undefined);
      advancing.push(advanced);
    }
    // When one part fails all are tried again, so none may still be running by then.
    await Promise.allSettled(advancing);
    const parts = await Promise.all(advancing);
    return {
      saved: parts.flatMap(({ saved }) => saved),
      lost: parts.flatMap(({ lost }) => lost),
      unknown: parts.flatMap(({ unknown }) => unknown),
    };
  }

  private async advancePart(
    bySaga: ReadonlyMap<string, readonly SagaInput[]>,
    sagas: ReadonlyMap<string, StoredSaga>,
    now: number,
  ): Promise<Advanced> {
    const updates: SagaUpdate[] = [];
    const unknown: Unknown[] = [];
    const accepted = new Map<string, readonly SagaInput[]>();
    for (const [sagaId, all] of bySaga) {
      const before = sagas.get(sagaId);
      const claims = parentClaims(all, before);
      const falseClaims = claims.length === 0 ? [] : await this.findFalseClaims(sagaId, claims, before);
      unknown.push(...falseClaims);
      const those = falseClaims.length === 0 ? all : all.filter((each) => falseClaims.every((s) => s.input !== each));
      accepted.set(sagaId, those);
      if (those.length === 0) continue;
      const obstacle = before ? undefined : await this.obstacleTo(sagaId, those, now);
      const events = before && this.holds ? those.map(({ event }) => event) : [];
      const considered = before && this.holds?.consider(before.state, events, now);
      if (considered) await considered;
      const update = obstacle ? undefined : applyEvents(this.registry, before, those, now, this.holds);
      if (update) updates.push(update);
      else if (!before) unknown.push(...those.map((input) => ({ input, rejection: rejectionOf(input, obstacle) })));
    }
    const { hooks } = this;
    if (hooks) await callHook((context) => hooks.beforeCommit(context), bySaga.values());
    const saved = updates.length === 0 ? new Set<string>() : await this.save(updates);
    for (const update of updates) if (saved.has(update.state.id)) this.sagaLog.saved(update);
    if (hooks) await callHook((context) => hooks.afterCommit(context), bySaga.values());
    const lost = updates
      .filter(({ state }) => !saved.has(state.id))
      .flatMap(({ state }) => accepted.get(state.id) ?? []);
    const commands = updates.flatMap(({ state, outbox }) => (saved.has(state.id) ? outbox : []));
    return { saved: commands, lost, unknown };
  }

  /** Messages about a child that do not come from its parent, which is stored before it sends any. */
  private async findFalseClaims(
    sagaId: string,
    claims: readonly ParentClaim[],
    before: StoredSaga | undefined,
  ): Promise<Unknown[]> {
    const { sagas } = await this.store.read(claims.map(({ parent }) => parent.sagaId));
    return claims
      .filter(({ input, parent }) => !isParentOf(sagas.get(parent.sagaId)?.state, input.event, parent, before?.state))
      .map(({ input, parent }) => ({ input, rejection: unknownParent(sagaId, parent) }));
  }

  /**
   * Why a saga must not begin; undefined when it may. A saga as old as those that were deleted does not begin again. A
   * child is kept while its parent exists, so one that is missing has never begun. A saga of a definition that no
   * instance of this orchestrator has ever had belongs to another orchestrator.
   */
  private async obstacleTo(sagaId: string, inputs: readonly SagaInput[], now: number): Promise<Rejection | undefined> {
    if (inputs.some(({ event }) => 'parent' in event && event.parent)) return undefined;
    const start = inputs.find(({ event }) => event.kind === 'started')?.event;
    if (start?.kind !== 'started') return undefined;
    if (mayBeDeleted(sagaId, now, this.keptForDays)) return notRemembered(sagaId);
    const { definition } = start;
    const isKnown = this.registry.newest(definition) !== undefined || (await this.store.knowsDefinition(definition));
    return isKnown ? undefined : foreign(definition, this.registry.topics.orchestrator);
  }

  private save(updates: readonly SagaUpdate[]): Promise<Set<string>> {
    return this.acknowledged.deleteWith((ids) => this.store.save(updates, ids));
  }

  private toDeadLetter(message: IncomingMessage, rejection: Rejection): OutgoingMessage {
    const { orchestrator, deadLetters } = this.registry.topics;
    logDeadLetter(this.log, `a message of ${message.topic}`, message, rejection);
    return deadLetter(message, rejection, orchestrator, deadLetters);
  }
}

function parentClaims(inputs: readonly SagaInput[], before: StoredSaga | undefined): readonly ParentClaim[] {
  return inputs.flatMap((input) => {
    const parent = claimedParent(input, before?.state);
    return parent === undefined ? [] : [{ input, parent }];
  });
}

function unknownParent(id: string, { sagaId, step }: Parent): Rejection {
  return { reason: 'unknown-parent', detail: `No saga ${sagaId} has a step ${step} that waits for the saga ${id}.` };
}

function notRemembered(id: string): Rejection {
  return { reason: 'not-remembered', detail: `The saga ${id} is so old that it may have ended, and been deleted.` };
}

function foreign(definition: string, orchestrator: string): Rejection {
  const detail = `The orchestrator ${orchestrator} has never had a definition of ${definition}; name the one that runs it in its defineStart, or register it here and redrive the start.`;
  return { reason: 'foreign-saga', detail };
}

/**
 * The event that would have begun the saga is rejected with this reason; the others fail because the saga does not
 * exist.
 */
function rejectionOf({ sagaId, event }: SagaInput, obstacle: Rejection | undefined): Rejection {
  if (obstacle && (event.kind === 'started' || event.kind === 'undo')) return obstacle;
  return { reason: 'unknown-saga', detail: `There is no saga ${sagaId}.` };
}

function groupBySaga(inputs: readonly SagaInput[]): Map<string, SagaInput[]> {
  const groups = new Map<string, SagaInput[]>();
  for (const input of inputs) {
    const group = groups.get(input.sagaId);
    if (group) group.push(input);
    else groups.set(input.sagaId, [input]);
  }
  return groups;
}

/** Parts of nearly the same size. */
function inParts<T>(all: readonly T[]): T[][] {
  const size = Math.ceil(all.length / Math.max(1, Math.floor(all.length / LEAST_IN_PART)));
  const parts: T[][] = [];
  for (let start = 0; start < all.length; start += size) parts.push(all.slice(start, start + size));
  return parts;
}
