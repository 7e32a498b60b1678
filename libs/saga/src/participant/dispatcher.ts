import type { DataSource } from 'typeorm';
import {
  ACTION_FORGOTTEN,
  type Command,
  readLoosely,
  type Rejection,
  sensitiveTexts,
  type SensitiveText,
  withoutSensitive,
} from '../contract';
import { decide, type InboxRow, isRemembered } from '../deduplication';
import {
  deadLetter,
  envelopeMessage,
  type Hooks,
  type IncomingMessage,
  type Log,
  logDeadLetter,
  messageFields,
  type NamedLine,
  type OutgoingMessage,
  poolOf,
  type Sql,
  type Tables,
  SummedLog,
  type Transport,
  waitForWalFlush,
} from '../messaging';
import { BatchRun, type BatchSteps, type Decided, type EndedJob, type Ready, type Results } from './batch-run';
import { type Delivery, isDelivery, type Mistaken, read, type Undeliverable } from './delivery';
import { answeredRow, type Inbox } from './inbox';
import type { RegisteredHandler } from './registered-handler';
import { type Answer, type Answerable, failWith, unknownReply } from './reply';
import type { RetentionOptions } from './retention';
import type { Served } from './served';
import type { ThirdPartyJournal } from './third-party-calls';
import { type Job, type JobResult, Transactions } from './transactions';

/** A command that was not done, and why. */
type Failed = Required<Pick<Undeliverable, 'command' | 'digest' | 'rejection'>>;

export interface DispatcherOptions {
  readonly served: Served;
  readonly dataSource: DataSource;
  readonly transport: Transport;
  readonly handlers: ReadonlyMap<string, RegisteredHandler>;
  readonly log: Log;
  readonly retention?: RetentionOptions;
  readonly tables?: Tables;
  readonly hooks?: Hooks | undefined;
}

/**
 * Takes a batch of commands from the transport to their answers: known ones are answered from the inbox, the others run,
 * in order within a saga and side by side otherwise. Nothing leaves the process before it is on the disk.
 */
export class Dispatcher {
  private readonly transactions: Transactions;
  private readonly inbox: Inbox;
  private readonly journal: ThirdPartyJournal;
  private readonly sql: Sql;
  private readonly contracts;
  private readonly served: Served;
  private readonly transport: Transport;
  private readonly handlers: ReadonlyMap<string, RegisteredHandler>;
  private readonly log: Log;
  private readonly summed: SummedLog;
  private readonly retention: RetentionOptions;

  constructor({ served, dataSource, transport, handlers, log, retention = {}, tables, hooks }: DispatcherOptions) {
    this.served = served;
    this.transport = transport;
    this.handlers = handlers;
    this.log = log;
    this.summed = new SummedLog(log);
    this.retention = retention;
    this.transactions = new Transactions(dataSource, served.service, { tables, hooks });
    this.inbox = this.transactions.inbox;
    this.journal = this.transactions.journal;
    this.sql = poolOf(dataSource);
    this.contracts = new Map([...handlers].map(([type, { contract }]) => [type, contract]));
  }

  /**
   * Handles the messages; resolves when the broker has acknowledged all their answers, of which some may leave before the
   * others. Rejects when the database is away.
   */
  async handleBatch(messages: readonly IncomingMessage[]): Promise<void> {
    const deliveries: Delivery[] = [];
    const undeliverable: Undeliverable[] = [];
    for (const message of messages) {
      const each = this.read(message);
      if (isDelivery(each)) deliveries.push(each);
      else undeliverable.push(each);
    }
    const steps: BatchSteps = {
      decide: (some, ask) => this.decideAll(some, ask),
      waitForDisk: () => waitForWalFlush(this.sql),
      keep: (ended) => this.keepEnded(ended),
      send: (ready) => this.send(ready, deliveries),
    };
    await new BatchRun(steps, this.transactions, { deliveries, undeliverable }, this.log).run();
  }

  /** Writes the log lines that were summed up so far. */
  close(): void {
    this.summed.sumUp();
  }

  private async send({ answers, undeliverable, mistaken, repeated }: Ready, of: readonly Delivery[]): Promise<void> {
    // Whoever kept the answers may not have waited for the disk yet.
    if (repeated) await waitForWalFlush(this.sql);
    const failed = failedForGood(of, answers);
    const refused = undeliverable.length > 0 ? await this.keepUndeliverable(undeliverable) : [];
    const unknown = mistaken.map(({ command, rejection }) => unknownReply(command, this.served.service, rejection));
    const outgoing = [...answers, ...refused, ...unknown].map(({ topic, key, reply }) =>
      envelopeMessage(topic, key, reply),
    );
    const parked = [...undeliverable, ...failed, ...mistaken].map((each) => this.park(each));
    await this.transport.publish([...parked, ...outgoing]);
  }

  private read(message: IncomingMessage): Delivery | Undeliverable {
    const each = read(message, this.served, this.contracts);
    const { command } = each;
    if (command === undefined || this.remembers(command.id)) return each;
    // The inbox no longer remembers ids this old: dead-letter the command instead of risking a second effect.
    const detail = `${command.type} ${command.id} is older than the inbox remembers, or from the future.`;
    return { message, rejection: { reason: 'not-remembered', detail } };
  }

  private readonly remembers = (id: string): boolean => isRemembered(id, Date.now(), this.retention);

  private async decideAll(deliveries: readonly Delivery[], ask: boolean): Promise<Decided> {
    // Nearly every command is new, and and the command lock reads the inbox before a per-command handler runs: no need to read it first.
    const asked = deliveries.filter(
      ({ command }) => ask || command.undoes !== undefined || this.handlerOf(command).transaction === 'per-batch',
    );
    const ids = asked.flatMap(({ command: { id, undoes } }) => (undoes === undefined ? [id] : [id, undoes]));
    const rows = ids.length === 0 ? new Map<string, InboxRow>() : await this.inbox.read(this.sql, ids);
    const jobs: Job[] = [];
    const stored: Answer[] = [];
    const forgotten: Undeliverable[] = [];
    const mistaken: Mistaken[] = [];
    for (const delivery of deliveries) {
      const { message, command, digest } = delivery;
      const undone = command.undoes === undefined ? undefined : rows.get(command.undoes);
      const decision = decide({ ...command, digest }, rows.get(command.id), undone, this.remembers);
      if (decision.kind === 'forgotten') forgotten.push(forgottenAction(delivery, decision.undoes));
      else if (decision.kind === 'answer') stored.push(storedAnswer(command, decision.reply));
      else if (decision.kind === 'drop')
        this.log.log(`${command.type} ${command.id} came after its compensation; dropped`, messageFields(command));
      else if (decision.kind === 'mistaken') mistaken.push({ message, command, rejection: decision.rejection });
      else jobs.push({ delivery, handler: this.handlerOf(command), decision });
    }
    return { jobs, stored, forgotten, mistaken };
  }

  private async keepEnded(ended: readonly EndedJob[]): Promise<Results> {
    const results = await Promise.all(ended.map(({ job, outcome }) => this.transactions.settled(job, outcome)));
    return this.keepFailures(
      ended.map(({ job }) => job),
      results,
    );
  }

  /** A failure is kept as well, so that a second delivery cannot change the answer; it loses to a tombstone. */
  private async keepFailures(jobs: readonly Job[], results: readonly JobResult[]): Promise<Results> {
    const answers: Answer[] = [];
    const lost: Delivery[] = [];
    const failed: { delivery: Delivery; rejection: Rejection; error: unknown }[] = [];
    for (const [index, { delivery }] of jobs.entries()) {
      const result = results[index];
      if (result?.kind === 'kept') answers.push(result.answer);
      else if (result?.kind === 'failed') failed.push({ ...result, delivery });
      else lost.push(delivery);
    }
    if (failed.length === 0) return { answers, lost };
    const kept = await this.keepAll(failed.map(({ delivery, rejection }) => ({ ...delivery, rejection })));
    for (const { delivery, rejection, error } of failed) {
      const failure = kept.get(delivery.command.id);
      if (failure === undefined) lost.push(delivery);
      else {
        answers.push(failure);
        this.summed.write(failureLine(delivery, rejection, error));
      }
    }
    return { answers, lost };
  }

  /**
   * The orchestrator is told, so that no saga hangs on a poisoned command. That nothing happened is kept like any failure:
   * an instance of another version, that knows this command, must not answer otherwise.
   */
  private async keepUndeliverable(undeliverable: readonly Undeliverable[]): Promise<Answer[]> {
    const answerable = undeliverable.filter(isAnswerable);
    if (answerable.length === 0) return [];
    await this.keepAll(answerable);
    const rows = await this.inbox.read(
      this.sql,
      answerable.map(({ command }) => command.id),
    );
    await waitForWalFlush(this.sql);
    return answerable.flatMap(({ command, digest }) => {
      const decision = decide({ ...command, digest }, rows.get(command.id), undefined, this.remembers);
      if (decision.kind === 'answer') return storedAnswer(command, decision.reply);
      return decision.kind === 'mistaken' ? unknownReply(command, this.served.service, decision.rejection) : [];
    });
  }

  /**
   * Keeps failures where no other instance has answered the command or written a tombstone, and returns those by their ids. That nothing happened
   * is said only where no attempt of the step has had a third party act.
   */
  private async keepAll(failed: readonly Failed[]): Promise<Map<string, Answer>> {
    const isUnfinished = await this.journal.readCalled(failed.map(({ command }) => command));
    const failures = failed.map(({ command, digest, rejection }) => {
      const unfinished = isUnfinished(command) ? { unfinished: true } : {};
      return { digest, failure: failWith(command, this.served.service, { ...rejection, ...unfinished }) };
    });
    const kept = await this.inbox.store(
      this.sql,
      failures.map(({ digest, failure }) => answeredRow(failure, digest)),
    );
    return new Map(failures.flatMap(({ failure }) => (kept.has(failure.id) ? [[failure.id, failure] as const] : [])));
  }

  private park({ message, rejection }: Undeliverable): OutgoingMessage {
    logDeadLetter(this.log, `a message of ${message.topic}`, message, rejection);
    const { replyto } = readLoosely(message.value) as { replyto?: unknown };
    const { deadLetters } = this.served.by(replyto) ?? this.served.first;
    return deadLetter(message, rejection, this.served.service, deadLetters);
  }

  private handlerOf({ type }: Command): RegisteredHandler {
    const handler = this.handlers.get(type);
    if (handler === undefined) throw new Error(`no handler for ${type}`);
    return handler;
  }
}

/** True for a broken command of which enough can be read to answer it. */
function isAnswerable(each: Undeliverable): each is Required<Undeliverable> {
  return each.command !== undefined;
}

/** Nothing is taken back on a guess: the saga is told, and pauses. */
function forgottenAction({ message, command, digest }: Delivery, undoes: string): Undeliverable {
  const detail =
    `${command.type} ${command.id} takes back ${undoes}, which is older than the inbox remembers: whether that took effect ` +
    'is not known.';
  return { message, command, digest, rejection: { reason: ACTION_FORGOTTEN, detail } };
}

function failureLine({ command, contract }: Delivery, { reason, detail }: Rejection, err: unknown): NamedLine {
  const texts = sensitiveTexts(contract.payload, command.data);
  return {
    level: 'warn',
    event: 'command-failed',
    kind: { reason, command: contract.name },
    text: `saga ${command.sagaid}: ${withoutSensitive(detail ?? '', texts)}`,
    fields: { ...messageFields(command), err: errorWithout(texts, err) },
  };
}

/** The error as the log may have it: an error often quotes the data that it is about. */
function errorWithout(texts: readonly SensitiveText[], error: unknown): unknown {
  if (texts.length === 0 || !(error instanceof Error)) return error;
  const shown = new Error(withoutSensitive(error.message, texts));
  shown.name = error.name;
  shown.stack = withoutSensitive(error.stack ?? '', texts);
  return shown;
}

function storedAnswer({ id, replyto: topic, sagaid: key }: Answerable, reply: string): Answer {
  const { outcome } = JSON.parse(reply) as Pick<Answer, 'outcome'>;
  return { id, outcome, reply, topic, key };
}

/**
 * Returns the dead letters of commands whose last attempt failed: no other attempt follows automatically, so an
 * operator must look at them. Their sagas learn of it from the reply. It is called again for a duplicate, so that a
 * crash before the dead letter is published loses nothing.
 */
function failedForGood(deliveries: readonly Delivery[], answers: readonly Answer[]): Undeliverable[] {
  const last = deliveries.filter(({ command }) => command.sagalastattempt === true);
  if (last.length === 0) return [];
  const failures = new Map(answers.filter(({ outcome }) => outcome === 'failure').map((answer) => [answer.id, answer]));
  return last.flatMap(({ message, command }) => {
    const failure = failures.get(command.id);
    return failure ? [{ message, rejection: { reason: 'handler-failed', detail: detailOf(failure) } }] : [];
  });
}

function detailOf({ reply }: Answer): string {
  const { reason, detail } = (JSON.parse(reply) as { data: Rejection }).data;
  return detail ? `${reason}: ${detail}` : reason;
}
