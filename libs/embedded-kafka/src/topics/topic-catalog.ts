import { join } from 'node:path';
import { PartitionLog } from '../log/partition-log';
import type { LogLimits, LogContext } from '../log/partition-log';
import { Journal } from '../storage/journal';
import { TopicDirectories } from './topic-directories';
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

/** A topic's entry in the journal. */
export interface TopicPlan {
  partitions: number;
  config: TopicConfig;
}

/** Producer ids are reserved in blocks of this size, so that a new producer rarely needs a write. */
const reservedProducerIds = 1000;

export const catalogFileName = 'catalog.journal';

/**
 * The topics of the broker and the ids of its idempotent producers.
 *
 * C1. The journal decides what exists; it is synced before a change is acknowledged.
 * C2. A partition's directory exists before the journal names it, and is renamed before the journal removes it.
 * C3. No directory with messages is removed at start, except those that a deletion has renamed.
 */
export class TopicCatalog {
  private readonly topics = new Map<string, Topic>();
  private readonly plans = new Map<string, TopicPlan>();
  private readonly journal: Journal<CatalogEntry>;
  private readonly directories: TopicDirectories;
  private reservedBelow = 0;
  private nextProducerId = 0;

  constructor(
    directory: string,
    private readonly defaults: LogLimits,
    private readonly context: LogContext,
    private readonly partitionsMax = Infinity,
  ) {
    this.directories = new TopicDirectories(join(directory, 'topics'));
    this.journal = new Journal<CatalogEntry>({
      path: join(directory, catalogFileName),
      sync: context.sync,
      replay: (entry) => this.replay(entry),
      snapshot: () => this.snapshot(),
      lossWhenEmpty: this.directories.isEmpty() ? undefined : lossWithoutCatalog(this.directories.path),
      onError: (error) => context.onError(error),
    });
    // Ids of the last block may be in use; a gap costs nothing.
    this.nextProducerId = this.reservedBelow;
    try {
      this.directories.recover(this.plans, (error) => context.onError(error));
      for (const [name, { partitions, config }] of this.plans) {
        const topic: Topic = { name, config, partitions: [] };
        topic.partitions.push(...this.openLogs(topic, partitions));
        this.topics.set(name, topic);
      }
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

  /** Whether this many more partitions are allowed. */
  hasRoomFor(partitions: number): boolean {
    let present = 0;
    for (const topic of this.topics.values()) present += topic.partitions.length;
    return present + partitions <= this.partitionsMax;
  }

  partition(name: string, partition: number): PartitionLog | undefined {
    return this.topics.get(name)?.partitions[partition];
  }

  create(name: string, partitions: number, config: TopicConfig): void {
    this.grow({ name, config, partitions: [] }, partitions, { kind: 'topic-created', name, partitions, config });
  }

  /** Adds partitions to a topic, up to this number. */
  extend(name: string, partitions: number): void {
    this.grow(this.topics.get(name)!, partitions, { kind: 'partitions-created', name, partitions });
  }

  delete(name: string): void {
    const partitions = this.topics.get(name)?.partitions ?? [];
    for (const partition of partitions) partition.close();
    const removals = this.directories.setAside(name, partitions.length);
    this.record({ kind: 'topic-deleted', name });
    this.topics.delete(name);
    for (const partition of partitions) partition.wakeAll();
    try {
      for (const remove of removals) remove();
    } catch (error) {
      // The topic is deleted anyway; the next start removes the directories.
      this.context.onError(error as Error);
    }
  }

  /** An id that no producer of this directory has ever had. */
  takeProducerId(): number {
    if (this.nextProducerId >= this.reservedBelow) {
      this.record({ kind: 'producer-ids-reserved', below: this.nextProducerId + reservedProducerIds });
    }
    return this.nextProducerId++;
  }

  /** Applies the retention limits. A failure in one partition does not affect the others. */
  retain(): void {
    for (const partition of this.all().flatMap(({ partitions }) => partitions)) {
      try {
        partition.retain();
      } catch (error) {
        this.context.onError(error as Error);
      }
    }
  }

  /** Syncs everything to the disk. Returns whether this and all earlier syncs succeeded. */
  close(): boolean {
    const logs = this.all().flatMap(({ partitions }) => partitions);
    const succeeded = logs.map((log) => log.close());
    this.journal.close();
    return succeeded.every(Boolean);
  }

  private record(entry: CatalogEntry): void {
    // `settle` syncs at once and throws on failure; the policy's own sync adds nothing.
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

  /** Adds partitions to a topic. A failure changes nothing, but may leave empty directories. */
  private grow(topic: Topic, partitions: number, entry: CatalogEntry): void {
    this.directories.make(topic.name, topic.partitions.length, partitions);
    const added = this.openLogs(topic, partitions);
    try {
      this.record(entry);
    } catch (error) {
      for (const log of added) log.close();
      throw error;
    }
    topic.partitions.push(...added);
    this.topics.set(topic.name, topic);
  }

  /** Opens the logs of a topic's partitions that are not open yet, below this number: all of them, or none. */
  private openLogs({ name, config, partitions }: Topic, below: number): PartitionLog[] {
    const limits = toLogLimits(this.defaults, config);
    const logs: PartitionLog[] = [];
    try {
      for (let partition = partitions.length; partition < below; partition++) {
        logs.push(new PartitionLog(this.directories.of(name, partition), limits, this.context));
      }
    } catch (error) {
      for (const log of logs) log.close();
      throw error;
    }
    return logs;
  }
}

function lossWithoutCatalog(topics: string): string {
  return (
    `It named the topics whose messages lie in ${topics}. Restore it from a copy, ` +
    `or move ${topics} out of the way to start without them.`
  );
}
