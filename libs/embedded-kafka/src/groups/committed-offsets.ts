import { existsSync } from 'node:fs';
import { Journal } from '../storage/journal';
import type { SyncPolicy } from '../storage/sync-policy';

export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly metadata: string;
}

type OffsetEntry =
  | { readonly group: string; readonly commit: readonly [string, number, number, string][] }
  | { readonly group: string; readonly deleted: true }
  | { readonly topic: string; readonly deleted: true };

const keyOf = (topic: string, partition: number): string => `${topic}\n${partition}`;

export interface CommittedOffsetsOptions {
  readonly path: string;
  readonly sync: SyncPolicy;
  /** Whether the directory was used before, so that the journal must exist. */
  readonly isExpected?: boolean;
  onError?(error: Error): void;
  readonly compactAboveBytes?: number;
}

/** The committed offsets of all groups, in their own journal, so that they survive kill -9. Offsets do not expire. */
export class CommittedOffsets {
  private readonly groups = new Map<string, Map<string, CommittedOffset>>();
  private readonly journal: Journal<OffsetEntry>;

  constructor({ isExpected = false, ...options }: CommittedOffsetsOptions) {
    const { path, onError } = options;
    const remedy = 'Restore it from a copy, or delete it: groups then start at their auto.offset.reset.';
    if (isExpected && !existsSync(path)) {
      onError?.(new Error(`${path} is missing: all committed offsets are lost. A new file was created.`));
      isExpected = false;
    }
    this.journal = new Journal<OffsetEntry>({
      ...options,
      replay: (entry) => this.replay(entry),
      snapshot: () => this.snapshot(),
      lossWhenEmpty: isExpected ? `The committed offsets of all groups are lost. ${remedy}` : undefined,
    });
  }

  commit(group: string, offsets: readonly CommittedOffset[]): Promise<void> | undefined {
    if (offsets.length === 0) return undefined;
    return this.record({
      group,
      commit: offsets.map(({ topic, partition, offset, metadata }) => [topic, partition, offset, metadata]),
    });
  }

  get(group: string, topic: string, partition: number): CommittedOffset | undefined {
    return this.groups.get(group)?.get(keyOf(topic, partition));
  }

  of(group: string): CommittedOffset[] {
    return [...(this.groups.get(group)?.values() ?? [])];
  }

  has(group: string): boolean {
    return this.groups.has(group);
  }

  /** The groups that have committed offsets. */
  names(): string[] {
    return [...this.groups.keys()];
  }

  deleteGroup(group: string): Promise<void> | undefined {
    return this.record({ group, deleted: true });
  }

  /** A topic that is recreated under an old name must not inherit offsets. */
  deleteTopic(topic: string): Promise<void> | undefined {
    return this.record({ topic, deleted: true });
  }

  close(): void {
    this.journal.close();
  }

  private record(entry: OffsetEntry): Promise<void> | undefined {
    const durable = this.journal.append(entry);
    this.replay(entry);
    this.journal.compactWhenLarge();
    return durable;
  }

  private replay(entry: OffsetEntry): void {
    if ('commit' in entry) {
      const offsets = this.groups.get(entry.group) ?? new Map<string, CommittedOffset>();
      this.groups.set(entry.group, offsets);
      for (const [topic, partition, offset, metadata] of entry.commit) {
        offsets.set(keyOf(topic, partition), { topic, partition, offset, metadata });
      }
      return;
    }
    if ('group' in entry) {
      this.groups.delete(entry.group);
      return;
    }
    for (const offsets of this.groups.values()) {
      for (const [key, committed] of offsets) if (committed.topic === entry.topic) offsets.delete(key);
    }
  }

  private *snapshot(): Iterable<OffsetEntry> {
    for (const [group, offsets] of this.groups) {
      yield {
        group,
        commit: [...offsets.values()].map(({ topic, partition, offset, metadata }) => [
          topic,
          partition,
          offset,
          metadata,
        ]),
      };
    }
  }
}
