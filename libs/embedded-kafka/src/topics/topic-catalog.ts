import { join } from 'node:path';
import { PartitionLog } from '../log/partition-log';
import type { LogLimits, LogSurroundings } from '../log/partition-log';
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

/** What the journal says of a topic. */
export interface TopicPlan {
  partitions: number;
  config: TopicConfig;
}

/** Producer ids are reserved this many at a time, so that a new producer seldom costs a write. */
const reservedProducerIds = 1000;

export const catalogFileName = 'catalog.journal';

/**
 * The topics of the broker and the ids of its idempotent producers.
 *
 * C1. The journal decides what exists; it is synced before a client hears of a change.
 * C2. A partition's directory is there before the journal names it, and is renamed before the journal forgets it.
 * C3. Nothing that holds messages is removed at start, except the renamed directories of a deletion.
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
    private readonly around: LogSurroundings,
    private readonly partitionsMax = Infinity,
  ) {
    this.directories = new TopicDirectories(join(directory, 'topics'));
    this.journal = new Journal<CatalogEntry>({
      path: join(directory, catalogFileName),
      sync: around.sync,
      replay: (entry) => this.replay(entry),
      snapshot: () => this.snapshot(),
      lossWhenEmpty: this.directories.isEmpty() ? undefined : lossWithoutCatalog(this.directories.path),
      onError: (error) => around.onError(error),
    });
    // Ids of the last reservation may have been given out; a gap costs nothing.
    this.nextProducerId = this.reservedBelow;
    try {
      this.directories.recover(this.plans, (error) => around.onError(error));
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

  /** Whether so many partitions more are allowed. */
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

  /** Makes a topic have that many partitions. */
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
      // The topic is deleted all the same; the next start tries again.
      this.around.onError(error as Error);
    }
  }

  /** An id that no producer had before, not even in an earlier life of this directory. */
  takeProducerId(): number {
    if (this.nextProducerId >= this.reservedBelow) {
      this.record({ kind: 'producer-ids-reserved', below: this.nextProducerId + reservedProducerIds });
    }
    return this.nextProducerId++;
  }

  /** Deletes what is too old or too much. A partition where that fails does not keep the others from it. */
  retain(): void {
    for (const partition of this.all().flatMap(({ partitions }) => partitions)) {
      try {
        partition.retain();
      } catch (error) {
        this.around.onError(error as Error);
      }
    }
  }

  /** Brings everything to the disk. Returns whether that, and everything before, succeeded. */
  close(): boolean {
    const logs = this.all().flatMap(({ partitions }) => partitions);
    const areSound = logs.map((log) => log.close());
    this.journal.close();
    return areSound.every(Boolean);
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

  /** Gives a topic more partitions. When that fails nothing has changed, but for empty directories. */
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

  /** The logs of a topic's partitions from the first that is not open to below a number: all of them, or none. */
  private openLogs({ name, config, partitions }: Topic, below: number): PartitionLog[] {
    const limits = toLogLimits(this.defaults, config);
    const logs: PartitionLog[] = [];
    try {
      for (let partition = partitions.length; partition < below; partition++) {
        logs.push(new PartitionLog(this.directories.of(name, partition), limits, this.around));
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
