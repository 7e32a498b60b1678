/*
 * The simulated world: a bus, a clock, a database for each service, and processes that die. All decisions are made by
 * the functions of production (applyEvents, sagaInputOf, read, decide, answerWith); the faults around them are
 * simulated.
 */
import { refuse, type Command, type Refusal } from '../../src/contract';
import type { IncomingMessage } from '../../src/messaging';
import { isRemembered } from '../../src/deduplication/remembered';
import { Bus, ROLES, type Role } from './bus';
import { REGISTRIES } from './definitions';
import { CALM_WEIGHT, drawMix, type Fault, type Mix } from './faults';
import type { Journal } from './journal';
import {
  findDefinitions,
  handleBatch,
  monitorHolds,
  operate,
  releasable,
  sweep,
  tidy,
  wake,
  type Intervention,
} from './orchestrator-jobs';
import { OrchestratorDatabase, SWEPT_AFTER_MS } from './orchestrator-database';
import { UNAVAILABLE, type Job, type Process, type Work } from './process';
import { handle, place, sweepStarts } from './service-jobs';
import { ServiceDatabase } from './service-database';
import { mistakeIn, SERVICES, type Service } from './shop';
import { Starts, type RequestedStart } from './starts';
import type { Tape } from './tape';
import { Violation } from './violation';
import type { World } from './world';

const STARTED_AT = Date.UTC(2026, 0, 1);
const MOST_AT_ONCE = 3;
const TIME_STEP_MS = 50;

/** A step that can happen without a fault. */
export type Progress = () => void;

export class Simulation implements World {
  readonly bus = new Bus();
  readonly starts = new Starts();
  readonly orchestrator: OrchestratorDatabase;
  readonly services: Readonly<Record<Service, ServiceDatabase>>;
  readonly processes: readonly Process[];
  /** Every published message, for late duplicates. */
  readonly published: IncomingMessage[] = [];
  /** The held services, as the orchestrators' database stores them. */
  readonly held = new Set<Service>();
  readonly units: number;
  /** The sagas that will be started. */
  readonly requested: readonly string[];
  mix: Mix;
  now = STARTED_AT;
  everHeld = false;
  private readonly orders: RequestedStart[];
  private running: Job | undefined;

  constructor(
    readonly tape: Tape,
    readonly journal: Journal,
  ) {
    this.mix = drawMix(tape);
    this.orders = ORDERS.slice(0, 1 + tape.choose(ORDERS.length)).map((id) => eventOfCommand(id, tape));
    this.units = 1 + tape.choose(3);
    this.orchestrator = new OrchestratorDatabase(tape.choose(8) === 7);
    const books = { free: this.units, held: 0, gone: 0, orders: {} };
    const markPublished = (service: Service): [Service, ServiceDatabase] => [service, new ServiceDatabase(books)];
    this.services = Object.fromEntries(SERVICES.map(markPublished)) as Record<Service, ServiceDatabase>;
    const roles = rolesFor(this.orders);
    this.processes = roles.flatMap((role) => [1, 2].map((n) => processOf(role, n)));
    this.requested = this.orders.map(({ id }) => id);
  }

  /** The possible next steps, undisturbed ones first; the passing of time is last. */
  progress(): readonly Progress[] {
    const next: Progress[] = [];
    for (const self of this.processes) for (const job of self.jobs.values()) next.push(() => this.proceed(self, job));
    for (const self of this.processes) {
      if (this.bus.of(self.role).length > 0 && !self.jobs.has('batch')) next.push(() => this.receive(self));
      if (self.role === 'orchestrator') next.push(...this.backgroundJobs(self));
      if (self.role === 'order') next.push(...this.orderJobs(self));
    }
    next.push(() => this.tick());
    return next;
  }

  /** When the next unclaimed work becomes due; undefined when there is none. */
  nextDue(): number | undefined {
    const instants = [...this.orchestrator.timers.values()];
    for (const { createdAt } of this.orchestrator.outbox.values()) instants.push(createdAt + SWEPT_AFTER_MS);
    if (this.starts.nextDue !== undefined) instants.push(this.starts.nextDue);
    return instants.length === 0 ? undefined : Math.max(this.now + 1, Math.min(...instants));
  }

  /** All processes are idle, no message is in flight, and no saga waits for a reply. */
  get isIdle(): boolean {
    if (this.processes.some(({ role, jobs }) => jobs.size > 0 || this.bus.of(role).length > 0)) return false;
    if (!this.starts.isEmpty || this.orchestrator.outbox.size > 0) return false;
    const steps = [...this.orchestrator.sagas].flatMap(({ state }) => Object.values(state.steps));
    return steps.every(({ exchange }) => exchange?.waitsFor !== 'reply');
  }

  /** Whether the inboxes still remember this id. */
  remembers(id: string): boolean {
    return isRemembered(id, this.now, {});
  }

  start(self: Process, work: Work, phases: Job['phases'], held: Job['held'] = []): void {
    self.jobs.set(work, { work, held, phases, phase: 'begun' });
  }

  hold(service: Service): void {
    this.held.add(service);
    this.everHeld = true;
  }

  operate(self: Process, intervention: Intervention): void {
    this.start(self, 'operate', operate(this, self, intervention));
  }

  /** Runs one transaction; throws when the database is unavailable, committed or not. */
  commit<T>(change: () => T): T {
    const fault = this.takeFault('commit-fails', 'commit-unknown');
    if (fault === 'commit-fails') throw UNAVAILABLE;
    const result = change();
    if (fault === 'commit-unknown') throw UNAVAILABLE;
    return result;
  }

  /** Continues once the broker has acknowledged all of them. */
  publish(messages: readonly { readonly topic: string; readonly key: string; readonly payload: string }[]): void {
    const out = this.takeFault('publish-fails') ? messages.slice(0, this.tape.choose(messages.length + 1)) : messages;
    for (const { topic, key, payload } of out) this.published.push(this.bus.publish(topic, key, payload));
    if (out !== messages) throw UNAVAILABLE;
  }

  /** Draws the outcome of a handler. */
  drawOutcome(command: Command, refusals: readonly string[]): 'succeed' | 'fail' | Refusal {
    const fail = this.mix.get('fail') ?? 0;
    const no = refusals.length > 0 ? (this.mix.get('refuse') ?? 0) : 0;
    const roll = this.tape.choose(SUCCESS_WEIGHT + fail + no) - SUCCESS_WEIGHT;
    if (roll < 0) return 'succeed';
    const fault = roll < fail ? 'fail' : 'refuse';
    this.journal.count(`${fault} / ${command.sagadirection}`);
    this.journal.log(() => this.line(`${command.type} ${fault === 'fail' ? 'throws' : 'is refused'}`));
    return fault === 'fail' ? 'fail' : refuse(refusals[0] as string);
  }

  /** Checks a service's state after each commit. */
  checkBooks(service: Service): void {
    const mistake = mistakeIn(this.services[service].books, this.units);
    if (mistake) throw new Violation(`the books of ${service} do not add up: ${mistake}`);
  }

  /** The process dies and restarts without memory. */
  kill(self: Process): void {
    for (const job of self.jobs.values()) this.abandon(self, job);
    self.acknowledged = [];
    self.held = new Set();
  }

  abandon(self: Process, job: Job): void {
    job.phases.return();
    self.jobs.delete(job.work);
    this.bus.redeliver(job.held);
  }

  line(what: string): string {
    return `${((this.now - STARTED_AT) / 1_000).toFixed(1).padStart(8)} s  ${what}`;
  }

  private proceed(self: Process, job: Job): void {
    this.running = job;
    try {
      const { done, value } = job.phases.next();
      if (done) self.jobs.delete(job.work);
      else job.phase = value;
      this.journal.log(() => this.line(`${self.name} ${job.work}: ${done ? 'done' : value}`));
    } catch (error) {
      if (error !== UNAVAILABLE) throw error;
      this.journal.log(() =>
        this.line(`${self.name} ${job.work}: abandoned, ${job.held.length} messages are redelivered`),
      );
      this.abandon(self, job);
    } finally {
      this.running = undefined;
    }
  }

  private takeFault(...faults: readonly Fault[]): Fault | undefined {
    const { running } = this;
    const fault = faults.find((each) => running?.pendingFault === each);
    if (fault === undefined || running === undefined) return undefined;
    running.pendingFault = undefined;
    this.journal.count(`${fault} / ${running.work} after ${running.phase}`);
    this.journal.log(() => this.line(`*** ${fault}`));
    return fault;
  }

  private receive(self: Process): void {
    const { role } = self;
    const held = this.bus.take(role, 0, 1 + this.tape.choose(MOST_AT_ONCE));
    const phases = role === 'orchestrator' ? handleBatch(this, self, held) : handle(this, role, held);
    this.start(self, 'batch', phases, held);
  }

  /** The background jobs of an orchestrator. */
  private *backgroundJobs(self: Process): Generator<Progress> {
    const { timers, outbox } = this.orchestrator;
    const { now } = this;
    if (!self.jobs.has('timers') && some(timers.values(), (fireAt) => fireAt <= now))
      yield () => this.start(self, 'timers', wake(this, self));
    if (!self.jobs.has('sweep') && some(outbox.values(), (row) => !row.locked && row.createdAt + SWEPT_AFTER_MS <= now))
      yield () => this.start(self, 'sweep', sweep(this));
    if (!self.jobs.has('definitions') && this.orchestrator.missed().some((saga) => knows(self, saga)))
      yield () => this.start(self, 'definitions', findDefinitions(this, self));
    if (this.everHeld && !self.jobs.has('holds') && this.mustMonitorHolds(self))
      yield () => this.start(self, 'holds', monitorHolds(this, self));
    if (self.acknowledged.length > 0 && !self.jobs.has('tidy') && !self.jobs.has('batch'))
      yield () => this.start(self, 'tidy', tidy(this, self));
  }

  private mustMonitorHolds(self: Process): boolean {
    const isRead = self.held.size === this.held.size && [...this.held].every((service) => self.held.has(service));
    return !isRead || releasable(this, self).length > 0;
  }

  private *orderJobs(self: Process): Generator<Progress> {
    const [order] = this.orders;
    if (order !== undefined && !self.jobs.has('operate'))
      yield () => {
        this.orders.shift();
        this.start(self, 'operate', place(this, order));
      };
    if (!self.jobs.has('sweep') && this.starts.due(this.now).length > 0)
      yield () => this.start(self, 'sweep', sweepStarts(this));
  }

  private tick(): void {
    this.now = this.tape.choose(8) === 0 ? (this.nextDue() ?? this.now + TIME_STEP_MS) : this.now + TIME_STEP_MS;
  }
}

const ORDERS = [1, 2, 3].map((n) => `019b76da-a800-7000-8000-00000000000${n}`);

/** The weight of a handler that succeeds. */
const SUCCESS_WEIGHT = CALM_WEIGHT / 6;

/** Two of three start an order, and these compete for the same units; the third starts a trip. */
function eventOfCommand(id: string, tape: Tape): RequestedStart {
  if (tape.choose(3) < 2) return { id, saga: 'place-order', input: { orderId: id } };
  return {
    id,
    saga: 'book-trip',
    input: { tripId: id, insured: tape.choose(2) === 0, legs: LEGS.slice(0, tape.choose(4)) },
  };
}

const LEGS = ['a', 'b', 'c'];

function rolesFor(orders: readonly RequestedStart[]): readonly Role[] {
  const trips = orders.some(({ saga }) => saga === 'book-trip');
  return trips ? ROLES : ROLES.filter((role) => !['rail', 'bank', 'hotel', 'post'].includes(role));
}

function processOf(role: Role, n: number): Process {
  return {
    name: `${role} ${n}`,
    role,
    jobs: new Map(),
    registry: REGISTRIES[0] as Process['registry'],
    held: new Set(),
    acknowledged: [],
  };
}

function knows({ registry }: Process, { definition, version }: { definition: string; version: number }): boolean {
  return (version === 0 ? registry.newest(definition) : registry.find(definition, version)) !== undefined;
}

function some<T>(values: Iterable<T>, is: (value: T) => boolean): boolean {
  for (const value of values) if (is(value)) return true;
  return false;
}
