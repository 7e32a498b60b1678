/** The options of a broker; all except the directory have a default. */
export interface EmbeddedKafkaOptions {
  /**
   * Where topics, offsets and the lock are kept. Created when missing; otherwise it must be empty or contain a broker's
   * data.
   */
  readonly directory: string;
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free port. @default 0 */
  readonly port?: number;
  /** The host that metadata responses give to clients. @default the host, or 127.0.0.1 when that is a wildcard */
  readonly advertisedHost?: string;
  /** When writes are synced to the disk: within a second, or before the acknowledgement. @default 'interval' */
  readonly fsync?: 'interval' | 'always';
  /** Partitions of a topic that is created without their number. @default 1 */
  readonly defaultPartitions?: number;
  /** The largest record batch, unless the topic says otherwise (max.message.bytes). @default 1048588 */
  readonly messageMaxBytes?: number;
  /** The largest request; a larger one closes its connection. @default 104857600 */
  readonly requestMaxBytes?: number;
  /** The largest fetch response, unless its only batch is larger. @default 57671680 */
  readonly fetchMaxBytes?: number;
  /** The most open connections; for one more, the one that was idle for longest is closed. @default 2000 */
  readonly connectionsMax?: number;
  /** How long a connection may be idle before it is closed. @default 10 minutes */
  readonly connectionIdleMs?: number;
  /** How long a request may take from its first byte to its last. @default 30000 */
  readonly requestArrivalMs?: number;
  /**
   * Memory for the requests and responses of all connections; above it, the connection that holds most is closed.
   * @default 256 MiB
   */
  readonly connectionMemoryBytes?: number;
  /** How long messages are kept, unless the topic says otherwise; -1 keeps them. @default 7 days */
  readonly retentionMs?: number;
  /** How many bytes of a partition are kept, unless the topic says otherwise; -1 keeps all. @default -1 */
  readonly retentionBytes?: number;
  /** The size at which a log starts a new file. @default 67108864 */
  readonly segmentBytes?: number;
  /** The interval of retention checks. @default 30000 */
  readonly retentionCheckMs?: number;
  /** The shortest session timeout that a group member may request, as in Kafka. @default 6000 */
  readonly groupMinSessionTimeoutMs?: number;
  /** The most log files that are open at a time; others are opened when needed. @default 512 */
  readonly openFilesMax?: number;
  /** The most partitions of all topics together. @default 20000 */
  readonly partitionsMax?: number;
  /** Memory for the newest batches of all partitions together. @default 64 MiB */
  readonly tailCacheBytes?: number;
  /** Called with failures that concern no client's request. @default writes to standard error */
  readonly onError?: (error: Error) => void;
}

export type BrokerSettings = Required<EmbeddedKafkaOptions>;

const day = 24 * 60 * 60 * 1000;
const mebibyte = 1024 * 1024;

/** Node fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1;

/** An invalid option; the message names it. */
export class InvalidSettingError extends Error {
  override readonly name = 'InvalidSettingError';
}

function expectInteger(settings: BrokerSettings, names: (keyof BrokerSettings)[], least: number, most = 2 ** 53): void {
  for (const name of names) {
    const value = settings[name];
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) continue;
    throw new InvalidSettingError(`${name} must be an integer from ${least} to ${most}, not ${String(value)}.`);
  }
}

/** Adds the defaults. Throws an {@link InvalidSettingError} for an invalid option. */
export function toBrokerSettings(options: EmbeddedKafkaOptions): BrokerSettings {
  const host = options.host ?? '127.0.0.1';
  const isWildcard = host === '0.0.0.0' || host === '::';
  const settings: BrokerSettings = {
    host,
    port: 0,
    advertisedHost: isWildcard ? '127.0.0.1' : host,
    fsync: 'interval',
    defaultPartitions: 1,
    messageMaxBytes: mebibyte + 12,
    requestMaxBytes: 100 * mebibyte,
    fetchMaxBytes: 55 * mebibyte,
    connectionsMax: 2000,
    connectionIdleMs: 10 * 60 * 1000,
    requestArrivalMs: 30_000,
    connectionMemoryBytes: 256 * mebibyte,
    retentionMs: 7 * day,
    retentionBytes: -1,
    segmentBytes: 64 * mebibyte,
    retentionCheckMs: 30_000,
    groupMinSessionTimeoutMs: 6000,
    openFilesMax: 512,
    partitionsMax: 20_000,
    tailCacheBytes: 64 * mebibyte,
    onError: (error) => console.error(error.message),
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  } as BrokerSettings;
  if (typeof settings.directory !== 'string' || settings.directory === '') {
    throw new InvalidSettingError('directory must name the directory of the data.');
  }
  if (settings.fsync !== 'interval' && settings.fsync !== 'always') {
    throw new InvalidSettingError(`fsync must be 'interval' or 'always', not ${String(settings.fsync)}.`);
  }
  expectInteger(settings, ['port'], 0, 65535);
  expectInteger(settings, ['defaultPartitions'], 1, 10_000);
  expectInteger(settings, ['openFilesMax', 'partitionsMax', 'connectionsMax', 'fetchMaxBytes'], 1);
  expectInteger(settings, ['retentionMs', 'retentionBytes'], -1);
  expectInteger(
    settings,
    ['retentionCheckMs', 'groupMinSessionTimeoutMs', 'connectionIdleMs', 'requestArrivalMs'],
    1,
    longestTimerMs,
  );
  expectInteger(settings, ['messageMaxBytes'], 1);
  expectInteger(settings, ['requestMaxBytes', 'segmentBytes'], 1024);
  expectInteger(settings, ['tailCacheBytes'], 0);
  expectInteger(settings, ['connectionMemoryBytes'], settings.requestMaxBytes);
  return settings;
}
