/*
 * Runs the commands of one batch until all are answered. Invariants:
 *
 * 1. Commands of one saga, or of one id, run one after the other: the second finds the answer of the first.
 * 2. Answers are sent together when every command has one. Once a handler is slow they are sent without those that still
 *    run, and again whenever there are more.
 * 3. An answer is sent only when its effect is on disk.
 * 4. A batch ends when every command is answered. A batch that fails ends when none of its handlers is waited for any
 *    more, so that it can be retried.
 */
import { definedFields, type Log, messageFields } from '../messaging';
import type { Mistaken, Undeliverable, Delivery } from './delivery';
import { HandlerWatch, CHECK_EVERY_MS } from './handler-watch';
import type { Answer } from './reply';
import type { Ended, Job, TransactionOutcome, Transactions } from './transactions';

const ROUNDS = 10;
/** After this time the log says what a batch waits for; then after twice as long, and at least every minute. */
const LOG_AFTER_MS = 1_000;
const LOG_EVERY_MS = 60_000;

/** What was decided about commands. */
export interface Decided {
  readonly jobs: readonly Job[];
  /** Answers that the inbox had. */
  readonly stored: readonly Answer[];
  /** Commands that are neither handled nor answered from the inbox. */
  readonly forgotten: readonly Undeliverable[];
  readonly mistaken: readonly Mistaken[];
}

export interface EndedJob {
  readonly job: Job;
  readonly outcome: TransactionOutcome;
}

export interface Results {
  readonly answers: readonly Answer[];
  /** Commands that another instance has handled meanwhile; they are decided again. */
  readonly lost: readonly Delivery[];
}

/** What can be sent now. */
export interface Ready {
  readonly answers: Answer[];
  readonly undeliverable: Undeliverable[];
  readonly mistaken: Mistaken[];
  /** True when the transaction that stored one of the answers may not have waited for the disk yet. */
  repeated: boolean;
}

/** The steps of a batch; see the Dispatcher. */
export interface BatchSteps {
  /** With `ask`, the inbox is read for every command. */
  decide(deliveries: readonly Delivery[], ask: boolean): Promise<Decided>;
  /** Resolves when everything that was committed is on disk. */
  waitForDisk(): Promise<void>;
  /** Stores the outcomes of the jobs; everything that these committed is on disk. */
  keep(ended: readonly EndedJob[]): Promise<Results>;
  /** Resolves when the broker has acknowledged it. */
  send(ready: Ready): Promise<void>;
}

/** What a batch consists of. */
export interface Batch {
  readonly deliveries: readonly Delivery[];
  /** Messages that cannot be handled. */
  readonly undeliverable: readonly Undeliverable[];
}

/** Jobs that were decided together. */
interface Round {
  readonly size: number;
  readonly ended: EndedJob[];
  lost: number;
}

export class BatchRun {
  private readonly watch = new HandlerWatch();
  private readonly begunAt = performance.now();
  private logAfterMs = LOG_AFTER_MS;
  private left: readonly Delivery[];
  private readonly unanswered: Set<Delivery>;
  /** The sagas and ids of the commands that are being handled. */
  private readonly busy = new Set<string>();
  private readonly rounds = new Set<Round>();
  private isFirst = true;
  private roundsLost = 0;
  private ready: Ready;
  private isSendingEarly = false;
  private underWay = 0;
  private failure: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly steps: BatchSteps,
    private readonly transactions: Transactions,
    private readonly batch: Batch,
    private readonly log: Log,
  ) {
    this.left = batch.deliveries;
    this.unanswered = new Set(batch.deliveries);
    this.ready = { answers: [], undeliverable: [...batch.undeliverable], mistaken: [], repeated: false };
  }

  /** Resolves when every command is answered and the broker has acknowledged the answers. */
  async run(): Promise<void> {
    const checks = setInterval(() => this.check(), CHECK_EVERY_MS);
    try {
      this.beginNext();
      while (this.underWay > 0) {
        await new Promise<void>((resolve) => (this.wake = resolve));
        this.beginNext();
      }
      if (this.failure) throw this.failure.error;
      await this.steps.send(this.takeReady());
    } finally {
      clearInterval(checks);
    }
  }

  /** Starts every command that is the first of its saga among those left. */
  private beginNext(): void {
    if (this.failure) return;
    const { now, later } = this.firstOfEachSaga();
    if (now.length === 0) return;
    this.left = later;
    for (const { command } of now) this.busy.add(command.sagaid).add(command.id);
    const ask = !this.isFirst;
    this.isFirst = false;
    this.follow(this.round(now, ask));
  }

  private firstOfEachSaga(): { now: Delivery[]; later: Delivery[] } {
    const taken = new Set(this.busy);
    const now: Delivery[] = [];
    const later: Delivery[] = [];
    for (const delivery of this.left) {
      const { id, sagaid } = delivery.command;
      (taken.has(sagaid) || taken.has(id) ? later : now).push(delivery);
      taken.add(sagaid).add(id);
    }
    return { now, later };
  }

  private follow(work: Promise<void>): void {
    this.underWay += 1;
    const end = (): void => {
      this.underWay -= 1;
      this.wake();
    };
    work
      .catch((error: unknown) => (this.failure ??= { error }))
      .finally(end)
      .catch(() => undefined);
  }

  private async round(deliveries: readonly Delivery[], ask: boolean): Promise<void> {
    const { jobs, stored, forgotten, mistaken } = await this.steps.decide(deliveries, ask);
    this.ready.answers.push(...stored);
    this.ready.undeliverable.push(...forgotten);
    this.ready.mistaken.push(...mistaken);
    this.ready.repeated ||= stored.length > 0;
    const running = new Set(jobs.map(({ delivery }) => delivery));
    for (const delivery of deliveries) if (!running.has(delivery)) this.isAnswered(delivery);
    if (jobs.length === 0) return;
    const round: Round = { size: jobs.length, ended: [], lost: 0 };
    this.rounds.add(round);
    try {
      await this.runAll(jobs, ask, (job, outcome) => round.ended.push({ job, outcome }));
    } finally {
      this.rounds.delete(round);
    }
    await this.keep(round, round.ended);
    this.roundsLost = round.lost === round.size ? this.roundsLost + 1 : 0;
    if (this.roundsLost === ROUNDS) throw new Error(`${round.lost} commands are held by other instances for too long`);
  }

  /** Resolves or rejects when all jobs have ended. */
  private async runAll(jobs: readonly Job[], wait: boolean, ended: Ended): Promise<void> {
    const { watch, transactions } = this;
    // A compensation without an effect to undo runs alone: its lock keeps it from running between an action and the
    // third party that the action calls.
    const isShared = ({ handler, decision }: Job): boolean =>
      handler.transaction === 'per-batch' && decision.kind === 'run';
    const shared = jobs.filter(isShared);
    const own = jobs.filter((job) => !isShared(job));
    const together = async (): Promise<void> => {
      const { rolledBackAfterMs: spentMs } = await transactions.perBatch(shared, watch, ended);
      if (spentMs !== undefined) await transactions.perCommand(shared, { wait, watch, ended, spentMs });
    };
    const all = await Promise.allSettled([together(), transactions.perCommand(own, { wait, watch, ended })]);
    for (const each of all) if (each.status === 'rejected') throw each.reason;
  }

  private async keep(round: Round, ended: readonly EndedJob[]): Promise<void> {
    if (ended.length === 0) return;
    const { answers, lost } = await this.steps.keep(ended);
    this.ready.answers.push(...answers);
    round.lost += lost.length;
    // Before later commands of the same sagas.
    this.left = [...lost, ...this.left];
    const again = new Set(lost);
    for (const { job } of ended) {
      if (again.has(job.delivery)) this.free(job.delivery);
      else this.isAnswered(job.delivery);
    }
  }

  private isAnswered(delivery: Delivery): void {
    this.unanswered.delete(delivery);
    this.free(delivery);
  }

  private free({ command }: Delivery): void {
    this.busy.delete(command.sagaid);
    this.busy.delete(command.id);
  }

  private takeReady(): Ready {
    const { ready } = this;
    this.ready = { answers: [], undeliverable: [], mistaken: [], repeated: false };
    return ready;
  }

  private check(): void {
    this.watch.check();
    this.logSlowBatch();
    if (this.isSendingEarly || this.failure || !this.watch.isSlow()) return;
    const { answers, undeliverable, mistaken } = this.ready;
    const isReady = answers.length + undeliverable.length + mistaken.length > 0;
    if (!isReady && ![...this.rounds].some(({ ended }) => ended.length > 0)) return;
    this.isSendingEarly = true;
    this.follow(this.sendEarly().finally(() => (this.isSendingEarly = false)));
  }

  /** Sends what has ended by now, while others run. */
  private async sendEarly(): Promise<void> {
    const ended = [...this.rounds].map((round) => [round, round.ended.splice(0)] as const);
    if (ended.some(([, jobs]) => jobs.some(isNotOnDisk))) await this.steps.waitForDisk();
    await Promise.all(ended.map(([round, jobs]) => this.keep(round, jobs)));
    await this.steps.send(this.takeReady());
  }

  /** Logs what the batch waits for, when that takes long. */
  private logSlowBatch(): void {
    const tookMs = performance.now() - this.begunAt;
    const [first] = this.unanswered;
    if (tookMs < this.logAfterMs || first === undefined) return;
    this.logAfterMs += Math.min(this.logAfterMs, LOG_EVERY_MS);
    const [slowest] = this.watch.running();
    const { command, contract } = first;
    const what = slowest
      ? `${slowest.name}, ${slowest.isLock ? 'which another instance has held' : 'whose handler has run'} for ${seconds(slowest.ranMs)}`
      : `${contract.name} of saga ${command.sagaid}, whose handler does not run`;
    const waiting = this.unanswered.size - 1;
    const { deliveries } = this.batch;
    this.log.warn(
      `batch-slow: a batch of ${deliveries.length} commands has taken ${seconds(tookMs)} and waits for ${what}` +
        (waiting === 0 ? '' : `; unanswered with it: ${waiting}`),
      definedFields({
        event: 'batch-slow',
        ...(slowest?.fields?.() ?? { command: contract.name, ...messageFields(command) }),
        ranMs: slowest && Math.round(slowest.ranMs),
        tookMs: Math.round(tookMs),
        commands: deliveries.length,
        waiting,
      }),
    );
  }
}

function isNotOnDisk({ outcome }: EndedJob): boolean {
  return outcome.kind === 'committed' && !outcome.isDurable;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
