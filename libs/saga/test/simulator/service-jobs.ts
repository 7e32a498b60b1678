/*
 * What a participant does, phase by phase, as participant/dispatcher.ts and participant/transactions.ts do it. Every yield is
 * a moment at which the process or its database may die.
 */
import { ACKNOWLEDGEMENTS, ACTION_FORGOTTEN, isRefusal } from '../../src/contract';
import type { IncomingMessage, Log } from '../../src/messaging';
import { acknowledgedBy } from '../../src/participant/acknowledged-by';
import { decide, type InboxDecision } from '../../src/deduplication/decide';
import { isDelivery, read, type Delivery } from '../../src/participant/delivery';
import { answeredRow, tombstone } from '../../src/participant/inbox';
import { answer, answerWith, failWith, unknownTo, type Answer } from '../../src/participant/reply';
import { Served } from '../../src/participant/served';
import type { Change, ServiceDatabase } from './service-database';
import { HANDLERS, nameIn, SERVICES, type Service } from './shop';
import type { Asked } from './starts';
import type { World } from './world';

const SILENT: Log = { log: () => undefined, warn: () => undefined, error: () => undefined };
const CONTRACTS = new Map([...HANDLERS].map(([type, { contract }]) => [type, contract]));

const SERVED = Object.fromEntries(SERVICES.map((service) => [service, Served.of(service)])) as Record<Service, Served>;

/** An answer as it leaves: with what it answers, for those that look on. */
type Sent = Pick<Answer, 'topic' | 'key' | 'reply'>;

/** Takes commands to their answers. */
export function* handle(world: World, service: Service, messages: readonly IncomingMessage[]): Generator<string, void> {
  const answers: Sent[] = [];
  for (const message of messages) {
    if (message.topic === ACKNOWLEDGEMENTS) {
      world.starts.acknowledge(acknowledgedBy(message, service, SILENT));
      continue;
    }
    const delivery = read(message, SERVED[service], CONTRACTS);
    // What is older than the inbox is parked, since it may have been handled.
    if (isDelivery(delivery) && world.remembers(delivery.command.id))
      answers.push(...(yield* answersTo(world, service, delivery)));
  }
  // Nothing leaves the process before it is on the disk.
  world.services[service].barrier();
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
    world.journal.say(() => world.line(`saga ${command.sagaid.slice(-1)}: ${command.type}: ${decision.kind}`));
    yield 'decided';
    if (decision.kind === 'drop') return [];
    if (decision.kind === 'mistaken') return [unknownTo(command, service, decision.rejection)];
    if (decision.kind === 'answer') return [{ topic: command.replyto, key: command.sagaid, reply: decision.reply }];
    const done = work(world, service, delivery, decision);
    if ('failed' in done) {
      yield 'rolled-back';
      // The failure is kept as well, so that a second delivery cannot change the answer; it loses to a tombstone.
      if (world.commit(() => database.commit({ rows: [answeredRow(done.failed, delivery.digest)] })))
        return [done.failed];
    } else if (world.commit(() => database.commit(done.change))) {
      world.look(service);
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
    const keptOut = decision.kind === 'write-tombstone' ? [tombstone(decision.undoes, command)] : [];
    return { answer: nothing, change: { rows: [answeredRow(nothing, digest), ...keptOut] } };
  }
  const luck = world.luck(command, contract.refusals);
  if (luck === 'fail') return { failed: failWith(command, service, { reason: 'Error', detail: 'a deadlock, say' }) };
  if (luck !== 'succeed') {
    const refusal = answerWith(contract, command, service, luck);
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
  if (handler === undefined) throw new Error(`nobody handles ${command.type}`);
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

/** Takes an order and asks for its saga, in one transaction; then publishes what it asked. */
export function* place(world: World, { id, saga, input }: Asked): Generator<string, void> {
  const { order } = world.services;
  world.commit(() => {
    order.commit({ rows: [], books: { ...order.books, orders: { ...order.books.orders, [id]: 'PENDING' } } });
    order.barrier();
    world.starts.ask({ id, saga, input }, world.now);
  });
  yield 'committed';
  yield* publishStarts(world, [id]);
}

/** Publishes the starts that, for all that is known, were never published, or were lost. */
export function* sweepStarts(world: World): Generator<string, void> {
  yield* publishStarts(world, world.starts.due(world.now));
}

function* publishStarts(world: World, orderIds: readonly string[]): Generator<string, void> {
  const rows = orderIds.flatMap((orderId) => world.starts.find(orderId) ?? []);
  world.publish(rows);
  yield 'published';
  world.commit(() => {
    for (const orderId of orderIds) world.starts.keep(orderId, world.now);
  });
}
