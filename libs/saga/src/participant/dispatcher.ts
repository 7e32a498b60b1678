import type { DataSource } from 'typeorm';
import { readLoosely, type Command } from '../contract';
import {
  barrier,
  deadLetter,
  parkedLine,
  envelopeMessage,
  type Faults,
  type IncomingMessage,
  type Log,
  type OutgoingMessage,
  type Sql,
  type Transport,
} from '../messaging';
import { decide } from './decide';
import { isDelivery, read, type Delivery, type Undeliverable } from './delivery';
import type { RegisteredHandler } from './handlers';
import { readInbox, store, type InboxRow } from './inbox';
import { poolOf } from './pool';
import { failedForGood } from './last-attempt';
import { failWith, type Answer } from './reply';
import { isRemembered, type RetentionOptions } from './retention';
import type { Served } from './served';
import { Transactions, type Job, type JobResult } from './transactions';

const ROUNDS = 10;

interface Results {
  readonly answers: Answer[];
  readonly lost: Delivery[];
}

/**
 * Takes a batch of commands from the transport to their answers: known ones are answered from the inbox, the others run,
 * in order within a saga and side by side otherwise. Nothing leaves the process before it is on the disk.
 */
export class Dispatcher {
  private readonly transactions: Transactions;
  private readonly sql: Sql;
  private readonly contracts;

  constructor(
    private readonly served: Served,
    dataSource: DataSource,
    private readonly transport: Transport,
    private readonly handlers: ReadonlyMap<string, RegisteredHandler>,
    private readonly log: Log,
    private readonly retention: RetentionOptions = {},
    faults?: Faults,
  ) {
    this.transactions = new Transactions(dataSource, served.service, faults);
    this.sql = poolOf(dataSource);
    this.contracts = new Map([...handlers].map(([type, { contract }]) => [type, contract]));
  }

  /** Handles the messages; resolves when their answers are acknowledged by the broker. Rejects when the database is away. */
  async flush(messages: readonly IncomingMessage[]): Promise<void> {
    const deliveries: Delivery[] = [];
    const undeliverable: Undeliverable[] = [];
    for (const message of messages) {
      const each = this.read(message);
      if (isDelivery(each)) deliveries.push(each);
      else undeliverable.push(each);
    }
    const answers = await this.handle(deliveries);
    const failed = failedForGood(deliveries, answers);
    if (undeliverable.length > 0) answers.push(...(await this.keepUndeliverable(undeliverable)));
    const outgoing = answers.map(({ topic, key, reply }) => envelopeMessage(topic, key, reply));
    await this.transport.publish([...undeliverable, ...failed].map((each) => this.park(each)).concat(outgoing));
  }

  private read(message: IncomingMessage): Delivery | Undeliverable {
    const each = read(message, this.served, this.contracts);
    const { command } = each;
    if (command === undefined || isRemembered(command.id, Date.now(), this.retention)) return each;
    // Whether it was handled before cannot be known, so it is neither handled nor answered.
    const detail = `${command.type} ${command.id} is older than the inbox remembers, or from the future.`;
    return { message, objection: { reason: 'not-remembered', detail } };
  }

  private async handle(deliveries: readonly Delivery[]): Promise<Answer[]> {
    const answers: Answer[] = [];
    let repeated = false;
    let ask = false;
    for (let left = deliveries, round = 0; left.length > 0; round += 1) {
      if (round === ROUNDS) throw new Error(`${left.length} commands are held by others for too long`);
      const { now, later } = firstOfEachSaga(left);
      const { jobs, stored } = await this.decideAll(now, ask);
      const results = await this.runAll(jobs, ask);
      repeated ||= stored.length > 0;
      answers.push(...stored, ...results.answers);
      if (results.lost.length < now.length) round = -1;
      left = [...results.lost, ...later];
      ask = true;
    }
    // Whoever kept the answers may not have waited for the disk yet.
    if (repeated) await barrier(this.sql);
    return answers;
  }

  private async decideAll(deliveries: readonly Delivery[], ask: boolean): Promise<{ jobs: Job[]; stored: Answer[] }> {
    // Nearly every command is new, and before a handler with its own transaction runs, its guard asks: no need to ask first.
    const asked = deliveries.filter(
      ({ command }) => ask || command.undoes !== undefined || this.handlerOf(command).transaction === 'shared',
    );
    const ids = asked.flatMap(({ command: { id, undoes } }) => (undoes === undefined ? [id] : [id, undoes]));
    const rows = ids.length === 0 ? new Map<string, InboxRow>() : await readInbox(this.sql, ids);
    const jobs: Job[] = [];
    const stored: Answer[] = [];
    for (const delivery of deliveries) {
      const { command } = delivery;
      const decision = decide(command, rows.get(command.id), command.undoes ? rows.get(command.undoes) : undefined);
      if (decision.kind === 'answer') stored.push(storedAnswer(command, decision.reply));
      else if (decision.kind === 'drop')
        this.log.log(`${command.type} ${command.id} came after its compensation; dropped`);
      else jobs.push({ delivery, handler: this.handlerOf(command), decision });
    }
    return { jobs, stored };
  }

  private async runAll(jobs: readonly Job[], wait: boolean): Promise<Results> {
    const shared = jobs.filter(({ handler }) => handler.transaction === 'shared');
    const own = jobs.filter(({ handler }) => handler.transaction === 'own');
    const [together, singly] = await Promise.all([
      this.transactions.shared(shared),
      this.transactions.singly(own, wait),
    ]);
    const all = together ?? (await this.transactions.singly(shared, wait));
    return this.keepFailures([...shared, ...own], [...all, ...singly]);
  }

  /** A failure is kept as well, so that a second delivery cannot change the answer; it loses to a tombstone. */
  private async keepFailures(jobs: readonly Job[], results: readonly JobResult[]): Promise<Results> {
    const failed = results.filter((result) => result.kind === 'failed');
    const answered = failed.map(({ answer }) => answer);
    const kept = failed.length === 0 ? new Set<string>() : await store(this.sql, answered);
    for (const { answer, why } of failed) if (kept.has(answer.id)) this.log.warn(why);
    const answers: Answer[] = [];
    const lost: Delivery[] = [];
    results.forEach((result, index) => {
      const delivery = jobs[index]?.delivery;
      if (result.kind === 'kept' || (result.kind === 'failed' && kept.has(result.answer.id)))
        answers.push(result.answer);
      else if (delivery) lost.push(delivery);
    });
    return { answers, lost };
  }

  /**
   * The orchestrator is told, so that no saga hangs on a poisoned command. That nothing happened is kept like any failure:
   * an instance of another version, that knows this command, must not answer otherwise.
   */
  private async keepUndeliverable(undeliverable: readonly Undeliverable[]): Promise<Answer[]> {
    const commands = undeliverable.flatMap(({ command }) => command ?? []);
    if (commands.length === 0) return [];
    await store(
      this.sql,
      undeliverable.flatMap(({ command, objection }) =>
        command ? failWith(command, this.served.service, objection) : [],
      ),
    );
    const rows = await readInbox(
      this.sql,
      commands.map(({ id }) => id),
    );
    await barrier(this.sql);
    return commands.flatMap((command) => {
      const reply = rows.get(command.id)?.reply ?? undefined;
      return reply === undefined ? [] : storedAnswer(command, reply);
    });
  }

  private park({ message, objection }: Undeliverable): OutgoingMessage {
    this.log.warn(parkedLine(`a message of ${message.topic}`, objection));
    const { replyto } = readLoosely(message.value) as { replyto?: unknown };
    const { deadLetters } = this.served.by(replyto) ?? this.served.first;
    return deadLetter(message, objection, this.served.service, deadLetters);
  }

  private handlerOf({ type }: Command): RegisteredHandler {
    const handler = this.handlers.get(type);
    if (handler === undefined) throw new Error(`no handler for ${type}`);
    return handler;
  }
}

function storedAnswer({ id, replyto: topic, sagaid: key }: Command, reply: string): Answer {
  const { outcome } = JSON.parse(reply) as Pick<Answer, 'outcome'>;
  return { id, outcome, reply, topic, key };
}

/** Commands of one saga run one after the other; a duplicate within a batch finds the answer of the first. */
function firstOfEachSaga(deliveries: readonly Delivery[]): { now: Delivery[]; later: Delivery[] } {
  const sagas = new Set<string>();
  const now: Delivery[] = [];
  const later: Delivery[] = [];
  for (const delivery of deliveries) {
    const { sagaid } = delivery.command;
    (sagas.has(sagaid) ? later : now).push(delivery);
    sagas.add(sagaid);
  }
  return { now, later };
}
