import { join } from 'node:path';
import { systemClock } from './clock';
import type { Clock } from './clock';
import { CommittedOffsets } from './groups/committed-offsets';
import { GroupRegistry } from './groups/group-registry';
import { TailBudget } from './log/tail-cache';
import type { BrokerSettings } from './settings';
import { OpenFiles } from './storage/open-files';
import { SyncAlways, SyncEverySecond } from './storage/sync-policy';
import type { SyncPolicy } from './storage/sync-policy';
import { leaveCleanMark, takeCleanMark } from './storage/clean-mark';
import { Journal } from './storage/journal';
import { catalogFileName, TopicCatalog } from './topics/topic-catalog';

const tailBytesPerPartition = 8 * 1024 * 1024;

/** The id of the only node. */
export const nodeId = 1;

/** The broker's state, independent of the network: topics, groups and offsets. Request handlers work on it. */
export class Broker {
  readonly catalog: TopicCatalog;
  readonly offsets: CommittedOffsets;
  readonly groups: GroupRegistry;
  /** The address that metadata responses give to clients; the port is known once the broker listens. */
  readonly advertised: { readonly host: string; port: number };
  /** The log segments that are open. */
  readonly files: OpenFiles;
  private readonly sync: SyncPolicy;
  private readonly retention: NodeJS.Timeout;

  constructor(
    readonly settings: BrokerSettings,
    readonly clusterId: string,
    readonly clock: Clock = systemClock,
  ) {
    const { directory, tailCacheBytes, onError } = settings;
    this.sync = settings.fsync === 'always' ? new SyncAlways() : new SyncEverySecond();
    this.files = new OpenFiles(settings.openFilesMax);
    const tails = new TailBudget(tailCacheBytes, Math.min(tailBytesPerPartition, tailCacheBytes));
    const limits = { ...settings, maxMessageBytes: settings.messageMaxBytes };
    this.offsets = new CommittedOffsets({
      path: join(directory, 'offsets.journal'),
      sync: this.sync,
      // Both journals get their marks at the first start, this one first.
      isExpected: Journal.isMarked(join(directory, catalogFileName)),
      onError,
    });
    try {
      this.catalog = new TopicCatalog(
        directory,
        limits,
        { sync: this.sync, tails, files: this.files, clock, isSettled: takeCleanMark(directory), onError },
        settings.partitionsMax,
      );
    } catch (error) {
      this.offsets.close();
      this.sync.close();
      throw error;
    }
    this.groups = new GroupRegistry(this.offsets, clock);
    this.advertised = { host: settings.advertisedHost, port: settings.port };
    this.retention = setInterval(() => this.catalog.retain(), settings.retentionCheckMs).unref();
  }

  close(): void {
    clearInterval(this.retention);
    this.groups.close();
    const isSound = this.catalog.close();
    this.offsets.close();
    this.sync.close();
    if (isSound) leaveCleanMark(this.settings.directory);
  }
}
