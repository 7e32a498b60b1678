import type { LogLimits } from '../log/partition-log';

export type TopicConfig = Readonly<Record<string, string>>;

interface Limit {
  readonly field: keyof LogLimits;
  readonly least: number;
}

const limits: ReadonlyMap<string, Limit> = new Map<string, Limit>([
  ['retention.ms', { field: 'retentionMs', least: -1 }],
  ['retention.bytes', { field: 'retentionBytes', least: -1 }],
  ['segment.bytes', { field: 'segmentBytes', least: 14 }],
  ['max.message.bytes', { field: 'maxMessageBytes', least: 0 }],
]);

/** Settings that are accepted only with this broker's fixed value. */
const fixed: ReadonlyMap<string, string> = new Map([
  ['cleanup.policy', 'delete'],
  ['compression.type', 'producer'],
  ['message.timestamp.type', 'CreateTime'],
  ['min.insync.replicas', '1'],
]);

export interface TopicSetting {
  readonly name: string;
  readonly value: string;
  /** Whether the topic has its own value; otherwise it is the broker's. */
  readonly isOwn: boolean;
}

/** All settings of a topic, its own and the broker's. */
export function topicSettings(defaults: LogLimits, config: TopicConfig): TopicSetting[] {
  const limited = [...limits].map(([name, { field }]) => {
    const own = Object.hasOwn(config, name) ? config[name] : undefined;
    return { name, value: own ?? String(defaults[field]), isOwn: own !== undefined };
  });
  return [...limited, ...[...fixed].map(([name, value]) => ({ name, value, isOwn: Object.hasOwn(config, name) }))];
}

/** Why a topic cannot have such a setting, or undefined. */
export function configRefusal(name: string, value: string | null): string | undefined {
  const allowed = fixed.get(name);
  if (allowed !== undefined) return value === allowed ? undefined : `${name} can only be ${allowed} here.`;
  const limit = limits.get(name);
  if (!limit) return `${name} is not a setting of this broker; it has ${[...limits.keys()].join(', ')}.`;
  const number = Number(value);
  if (value === null || value.trim() === '' || !Number.isSafeInteger(number) || number < limit.least) {
    return `${name} must be an integer of at least ${limit.least}, not ${value ?? 'null'}.`;
  }
  return undefined;
}

/** The broker's limits, overridden by the topic's own. */
export function toLogLimits(defaults: LogLimits, config: TopicConfig): LogLimits {
  const own: Partial<Record<keyof LogLimits, number>> = {};
  for (const [name, value] of Object.entries(config)) {
    const limit = limits.get(name);
    if (limit) own[limit.field] = Number(value);
  }
  return { ...defaults, ...own };
}
