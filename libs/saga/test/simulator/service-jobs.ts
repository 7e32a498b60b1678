/*
 * The jobs of a participant, phase by phase, as in participant/dispatcher.ts and participant/transactions.ts. At every
 * yield the process or its database may die.
 */
import { ACKNOWLEDGEMENTS, ACTION_FORGOTTEN, isRefusal } from '../../src/contract';
import type { IncomingMessage, Log } from '../../src/messaging';
import { acknowledgedBy } from '../../src/participant/participant-server';
import { decide, type InboxDecision } from '../../src/deduplication/decide';
import { isDelivery, read, type Delivery } from '../../src/participant/delivery';
import { answeredRow, tombstone } from '../../src/participant/inbox';
import { answer, answerWith, failWith, unknownReply, type Answer } from '../../src/participant/reply';
import { Served } from '../../src/participant/served';
import type { Change, ServiceDatabase } from './service-database';
import { HANDLERS, nameIn, SERVICES, type Service } from './shop';
import type { World } from './world';
import type { RequestedStart } from './starts';

const SILENT: Log = { debug: () => undefined, log: () => undefined, warn: () => undefined, error: () => undefined };
const CONTRACTS = new Map([...HANDLERS].map(([type, { contract }]) => [type, contract]));

const SERVED = Object.fromEntries(SERVICES.map((service) => [service, Served.of(service)])) as Record<Service, Served>;

/** A reply as it is published. */
type Sent = Pick<Answer, 'topic' | 'key' | 'reply'>;

/** Handles commands and publishes the replies. */
export function* handle(world: World, service: Service, messages: readonly IncomingMessage[]): Generator<string, void> {
  const answers: Sent[] = [];
  for (const message of messages) {
    if (message.topic === ACKNOWLEDGEMENTS) {
      world.starts.acknowledge(acknowledgedBy(message, service, SILENT));
      continue;
    }
    const delivery = read(message, SERVED[service], CONTRACTS);
    // A command older than the inbox is dead-lettered, since it may have been handled.
    if (isDelivery(delivery) && world.remembers(delivery.command.id))
      answers.push(...(yield* answersTo(world, service, delivery)));
  }
  // Nothing is published before the WAL flush.
  world.services[service].waitForWalFlush();
  yield 'durable';
  if (answers.length === 0) return;
  world.publish(answers.map(({ topic, key, reply }) => ({ topic, key, payload: reply })));
  yield 'published';
}

function* answersTo(world: World, service: Service, delivery: Delivery): Generator<string, readonly Sent[]> {
  const { command } = delivery;
  const database = world.services[service];
  for (;;) {
    const decision = decide(
      { ...command, digest: delivery.digest },
      database.find(command.id),
      command.undoes !== undefined && world.remembers(command.undoes) ? database.find(command.undoes) : undefined,
      (id) => world.remembers(id),
    );
    world.journal.log(() => world.line(`saga ${command.sagaid.slice(-1)}: ${command.type}: ${decision.kind}`));
    yield 'decided';
    if (decision.kind === 'drop') return [];
    if (decision.kind === 'mistaken') return [unknownReply(command, service, decision.rejection)];
    if (decision.kind === 'answer') return [{ topic: command.replyto, key: command.sagaid, reply: decision.reply }];
    const done = work(world, service, delivery, decision);
    if ('failed' in done) {
      yield 'rolled-back';
      // The failure is stored too, so that a redelivery gets the same reply; it loses to a tombstone.
      if (world.commit(() => database.commit({ rows: [answeredRow(done.failed, delivery.digest)] })))
        return [done.failed];
    } else if (world.commit(() => database.commit(done.change))) {
      world.checkBooks(service);
      yield 'committed';
      return [done.answer];
    }
    yield 'lost';
  }
}

type Done = { readonly answer: Answer; readonly change: Change } | { readonly failed: Answer };

function work(
  world: World,
  service: Service,
  { command, digest, contract }: Delivery,
  decision: Exclude<InboxDecision, { kind: 'answer' | 'drop' | 'mistaken' }>,
): Done {
  if (decision.kind === 'forgotten') return { failed: failWith(command, service, { reason: ACTION_FORGOTTEN }) };
  if (decision.kind !== 'run') {
    const nothing = answer(command, service, 'success', null);
    const tombstones = decision.kind === 'write-tombstone' ? [tombstone(decision.undoes, command)] : [];
    return { answer: nothing, change: { rows: [answeredRow(nothing, digest), ...tombstones] } };
  }
  const outcome = world.drawOutcome(command, contract.refusals);
  if (outcome === 'fail') return { failed: failWith(command, service, { reason: 'Error', detail: 'a deadlock, say' }) };
  if (outcome !== 'succeed') {
    const refusal = answerWith(contract, command, service, outcome);
    return { answer: refusal, change: { rows: [answeredRow(refusal, digest)] } };
  }
  return run(world.services[service], { command, digest }, service);
}

function run(
  database: ServiceDatabase,
  { command, digest }: Pick<Delivery, 'command' | 'digest'>,
  service: Service,
): Done {
  const handler = HANDLERS.get(command.type);
  if (handler === undefined) throw new Error(`there is no handler of ${command.type}`);
  const { contract, handle: change } = handler;
  let handled;
  try {
    handled = change(database.books, nameIn(command));
  } catch (error) {
    return { failed: failWith(command, service, { reason: 'Error', detail: (error as Error).message }) };
  }
  if (isRefusal(handled)) {
    const refusal = answerWith(contract, command, service, handled);
    return { answer: refusal, change: { rows: [answeredRow(refusal, digest)] } };
  }
  const { sagaid: sagaId, sagastep: step, sagadirection: direction, id: commandId } = command;
  const success = answerWith(contract, command, service, handled.reply);
  const effect = { sagaId, step, direction, commandId };
  return { answer: success, change: { rows: [answeredRow(success, digest)], books: handled.books, effect } };
}

/** Places an order and requests its saga in one transaction; then publishes the start. */
export function* place(world: World, { id, saga, input }: RequestedStart): Generator<string, void> {
  const { order } = world.services;
  world.commit(() => {
    order.commit({ rows: [], books: { ...order.books, orders: { ...order.books.orders, [id]: 'PENDING' } } });
    order.waitForWalFlush();
    world.starts.request({ id, saga, input }, world.now);
  });
  yield 'committed';
  yield* publishStarts(world, [id]);
}

/** Publishes the starts that may never have been published, or were lost. */
export function* sweepStarts(world: World): Generator<string, void> {
  yield* publishStarts(world, world.starts.due(world.now));
}

function* publishStarts(world: World, orderIds: readonly string[]): Generator<string, void> {
  const rows = orderIds.flatMap((orderId) => world.starts.find(orderId) ?? []);
  world.publish(rows);
  yield 'published';
  world.commit(() => {
    for (const orderId of orderIds) world.starts.markPublished(orderId, world.now);
  });
}
