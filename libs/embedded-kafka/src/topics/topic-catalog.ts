import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PartitionLog } from '../log/partition-log';
import type { LogLimits, LogSurroundings } from '../log/partition-log';
import { Journal } from '../storage/journal';
import { toLogLimits } from './topic-config';
import type { TopicConfig } from './topic-config';

export interface Topic {
  readonly name: string;
  readonly config: TopicConfig;
  readonly partitions: PartitionLog[];
}

type CatalogEntry =
  | { readonly kind: 'topic-created'; readonly name: string; readonly partitions: number; readonly config: TopicConfig }
  | { readonly kind: 'partitions-created'; readonly name: string; readonly partitions: number }
  | { readonly kind: 'topic-deleted'; readonly name: string }
  | { readonly kind: 'producer-ids-reserved'; readonly below: number };

interface TopicPlan {
  partitions: number;
  config: TopicConfig;
}

/** Producer ids are reserved this many at a time, so that a new producer seldom costs a write. */
const reservedProducerIds = 1000;

/**
 * The topics of the broker and the ids of its idempotent producers.
 *
 * C1. The journal decides what exists; it is synced before a client hears of a change.
 * C2. A directory that the journal does not know is the rest of a deletion, and is removed at start.
 */
export class TopicCatalog {
  private readonly topics = new Map<string, Topic>();
  private readonly plans = new Map<string, TopicPlan>();
  private readonly journal: Journal<CatalogEntry>;
  private reservedBelow = 0;
  private nextProducerId = 0;

  constructor(
    private readonly directory: string,
    private readonly defaults: LogLimits,
    private readonly around: LogSurroundings,
  ) {
    this.journal = new Journal<CatalogEntry>({
      path: join(directory, 'catalog.journal'),
      sync: around.sync,
      replay: (entry) => this.replay(entry),
      snapshot: () => this.snapshot(),
    });
    // Ids of the last reservation may have been given out; a gap costs nothing.
    this.nextProducerId = this.reservedBelow;
    mkdirSync(this.logDirectory, { recursive: true });
    this.removeUnknownDirectories();
    try {
      for (const [name, plan] of this.plans) this.open(name, plan);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get(name: string): Topic | undefined {
    return this.topics.get(name);
  }

  all(): Topic[] {
    return [...this.topics.values()];
  }

  partition(name: string, partition: number): PartitionLog | undefined {
    return this.topics.get(name)?.partitions[partition];
  }

  create(name: string, partitions: number, config: TopicConfig): void {
    this.record({ kind: 'topic-created', name, partitions, config });
    this.open(name, { partitions, config });
  }

  /** Makes a topic have that many partitions. */
  extend(name: string, partitions: number): void {
    this.record({ kind: 'partitions-created', name, partitions });
    this.open(name, this.plans.get(name)!);
  }

  delete(name: string): void {
    const topic = this.topics.get(name);
    this.record({ kind: 'topic-deleted', name });
    this.topics.delete(name);
    for (const partition of topic?.partitions ?? []) partition.delete();
  }

  /** An id that no producer had before, not even in an earlier life of this directory. */
  takeProducerId(): number {
    if (this.nextProducerId >= this.reservedBelow) {
      this.record({ kind: 'producer-ids-reserved', below: this.nextProducerId + reservedProducerIds });
    }
    return this.nextProducerId++;
  }

  retain(): void {
    for (const topic of this.topics.values()) {
      for (const partition of topic.partitions) partition.retain();
    }
  }

  close(): void {
    for (const topic of this.topics.values()) {
      for (const partition of topic.partitions) partition.close();
    }
    this.journal.close();
  }

  private get logDirectory(): string {
    return join(this.directory, 'topics');
  }

  private record(entry: CatalogEntry): void {
    // Settling syncs at once and throws when the disk refuses; the policy's own sync adds nothing.
    this.journal.append(entry)?.catch(() => undefined);
    this.journal.settle();
    this.replay(entry);
    this.journal.compactWhenLarge();
  }

  private replay(entry: CatalogEntry): void {
    switch (entry.kind) {
      case 'topic-created':
        this.plans.set(entry.name, { partitions: entry.partitions, config: entry.config });
        break;
      case 'partitions-created':
        this.plans.get(entry.name)!.partitions = entry.partitions;
        break;
      case 'topic-deleted':
        this.plans.delete(entry.name);
        break;
      case 'producer-ids-reserved':
        this.reservedBelow = entry.below;
        break;
    }
  }

  private *snapshot(): Iterable<CatalogEntry> {
    yield { kind: 'producer-ids-reserved', below: this.reservedBelow };
    for (const [name, plan] of this.plans) yield { kind: 'topic-created', name, ...plan };
  }

  private open(name: string, plan: TopicPlan): void {
    const topic = this.topics.get(name) ?? { name, config: plan.config, partitions: [] };
    const limits = toLogLimits(this.defaults, plan.config);
    for (let partition = topic.partitions.length; partition < plan.partitions; partition++) {
      topic.partitions.push(new PartitionLog(this.directoryOf(name, partition), limits, this.around));
    }
    this.topics.set(name, topic);
  }

  private directoryOf(name: string, partition: number): string {
    return join(this.logDirectory, `${name}-${partition}`);
  }

  private removeUnknownDirectories(): void {
    const known = new Set<string>();
    for (const [name, plan] of this.plans) {
      for (let partition = 0; partition < plan.partitions; partition++) known.add(`${name}-${partition}`);
    }
    for (const entry of readdirSync(this.logDirectory)) {
      if (!known.has(entry)) rmSync(join(this.logDirectory, entry), { recursive: true, force: true });
    }
  }
}
