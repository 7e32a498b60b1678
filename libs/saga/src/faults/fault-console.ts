import { createHash } from 'node:crypto';
import {
  sleep,
  RecurringTask,
  untilDatabaseAnswers,
  type HistoryRecorder,
  type Log,
  type RecordHookChange,
} from '../messaging';
import { impossible, type FaultCatalog } from './catalog';
import type { FaultEngine } from './fault-engine';
import type { FaultRule } from './fault-rule';
import type { Hit, Hits } from './hits';
import { ImpossibleFaultException } from './invalid-fault';
import type { ArmedRule, RuleStore } from './rule-store';

/** What another instance armed, and what has expired, is noticed within this time. */
const LOOK_EVERY_MS = 300;
const FEED_WAIT_MS = 20_000;
/** A service that has not asked for so long is gone. */
const GONE_AFTER_MS = FEED_WAIT_MS + 5_000;
const REACH_WITHIN_MS = 1_000;
/** What struck is noted at once, and where its saga has not begun yet, tried again so often. */
const NOTE_EVERY_MS = 50;
const NOTE_AGAIN_MS = 1_000;
/** A saga that did not begin within this time of the fault never will. */
const NOTE_WITHIN_MS = 60_000;

/** What services are told. */
export interface FaultFeed {
  /** Tells whether anything is new. */
  readonly version: string;
  readonly rules: readonly FaultRule[];
  readonly catalog: FaultCatalog;
}

interface Listener {
  readonly service: string;
  readonly knows: string;
  readonly seenAt: number;
}

export interface FaultConsoleOptions {
  readonly catalog: FaultCatalog;
  readonly store: RuleStore;
  readonly hits: Hits;
  readonly engine: FaultEngine;
  readonly recorder: HistoryRecorder;
  readonly log: Log;
}

/** Where faults are armed: keeps the rules, hands them to the services, and notes in the sagas' histories what struck. */
export class FaultConsole {
  private feed: FaultFeed;
  private changed = new AbortController();
  private readonly listeners = new Map<string, Listener>();
  private readonly closing = new AbortController();
  private readonly tasks: readonly RecurringTask[];
  private noteAt = 0;

  constructor(private readonly options: FaultConsoleOptions) {
    const { catalog, engine, log } = options;
    engine.onHit = () => (this.noteAt = 0);
    this.feed = { version: '', rules: [], catalog };
    this.tasks = [
      new RecurringTask({ name: 'read the armed faults', everyMs: LOOK_EVERY_MS, work: () => this.refresh(), log }),
      new RecurringTask({ name: 'note what struck', everyMs: NOTE_EVERY_MS, work: () => this.noteHits(), log }),
    ];
  }

  get catalog(): FaultCatalog {
    return this.options.catalog;
  }

  async start(): Promise<void> {
    await untilDatabaseAnswers('read the armed faults', () => this.load(), this.options.log);
    for (const task of this.tasks) task.start();
  }

  async stop(): Promise<void> {
    this.closing.abort();
    this.changed.abort();
    await Promise.all(this.tasks.map((task) => task.stop()));
  }

  /** Arms a rule; resolves when the services that listen have it, or after a second. @throws ImpossibleFaultException */
  async arm(rule: Omit<FaultRule, 'id'>, record?: RecordHookChange): Promise<ArmedRule> {
    this.expectPossible(rule);
    const armed = await this.options.store.add(rule, record);
    await this.spread();
    return armed;
  }

  /** @throws ImpossibleFaultException */
  async change(
    id: string,
    part: Partial<FaultRule>,
    enabled: boolean | undefined,
    record?: RecordHookChange,
  ): Promise<ArmedRule | undefined> {
    // A request has fields without a value for what it does not change.
    const given = Object.entries(part).filter(([, value]) => value !== undefined);
    const isKnown = await this.options.store.change(
      id,
      (armed) => {
        const rule: FaultRule = { ...armed.rule, ...Object.fromEntries(given) };
        this.expectPossible(rule);
        return { rule, enabled: enabled ?? armed.enabled };
      },
      record,
    );
    if (!isKnown) return undefined;
    await this.spread();
    return this.options.store.find(id);
  }

  /** False when there is no such rule. */
  async disarm(id: string, record?: RecordHookChange): Promise<boolean> {
    const found = await this.options.store.remove(id, record);
    await this.spread();
    return found;
  }

  /** Disarms everything and forgets what struck. */
  async reset(record?: RecordHookChange): Promise<void> {
    await this.options.store.reset(record);
    await this.spread();
  }

  /** The enabled rules, as this instance knows them. */
  get armed(): readonly FaultRule[] {
    return this.feed.rules;
  }

  list(): Promise<ArmedRule[]> {
    return this.options.store.list({ disabled: true });
  }

  find(id: string): Promise<ArmedRule | undefined> {
    return this.options.store.find(id);
  }

  struck(sagaId: string | undefined, limit: number): Promise<Hit[]> {
    return this.options.hits.newest(sagaId, limit);
  }

  /** Takes what struck in a service, and notes it in the sagas' histories soon. */
  async take(hits: readonly Hit[]): Promise<void> {
    await this.options.hits.add(hits);
    this.noteAt = 0;
  }

  /** How many running instances of a service have the newest rules, and how many are behind. */
  reach(service: string): { reached: number; behind: number } {
    const all = this.listening().filter((each) => each.service === service);
    const reached = all.filter(({ knows }) => knows === this.feed.version).length;
    // The orchestrator itself is told by itself.
    const own = service === this.options.engine.service ? 1 : 0;
    return { reached: reached + own, behind: all.length - reached };
  }

  /** What is armed, as soon as it differs from what this instance knows, or after a while. */
  async next(instance: string, service: string, knows: string): Promise<FaultFeed> {
    this.listeners.set(instance, { service, knows, seenAt: Date.now() });
    const endsAt = Date.now() + FEED_WAIT_MS;
    while (this.feed.version === knows && !this.closing.signal.aborted && Date.now() < endsAt)
      await sleep(endsAt - Date.now(), this.changed.signal);
    return this.feed;
  }

  private expectPossible(rule: Omit<FaultRule, 'id'>): void {
    const problem = impossible(rule, this.catalog);
    if (problem) throw new ImpossibleFaultException([problem]);
  }

  private async spread(): Promise<void> {
    await this.refresh();
    const endsAt = Date.now() + REACH_WITHIN_MS;
    const isBehind = (): boolean => this.listening().some(({ knows }) => knows !== this.feed.version);
    while (isBehind() && Date.now() < endsAt) await sleep(10, this.closing.signal);
  }

  private async load(): Promise<void> {
    await this.options.store.prepare();
    await this.refresh();
  }

  private async refresh(): Promise<false> {
    const rules = (await this.options.store.list()).map(({ rule }) => rule);
    const version = createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, 16);
    if (version === this.feed.version) return false;
    this.feed = { version, rules, catalog: this.catalog };
    this.options.engine.arm(rules, this.catalog);
    this.changed.abort();
    this.changed = new AbortController();
    if (this.closing.signal.aborted) this.changed.abort();
    return false;
  }

  private async noteHits(): Promise<false> {
    if (Date.now() < this.noteAt) return false;
    this.noteAt = Date.now() + NOTE_AGAIN_MS;
    for (const { id, sagaId, service, point, effect, command, messageId } of await this.options.hits.unreported(
      NOTE_WITHIN_MS,
    )) {
      const note = { kind: 'fault-struck', hitId: id, service, point, effect, command, messageId };
      if (await this.options.recorder.note(sagaId, id, note)) await this.options.hits.reportTo([id]);
    }
    return false;
  }

  private listening(): Listener[] {
    const now = Date.now();
    for (const [instance, { seenAt }] of this.listeners)
      if (now - seenAt > GONE_AFTER_MS) this.listeners.delete(instance);
    return [...this.listeners.values()];
  }
}
