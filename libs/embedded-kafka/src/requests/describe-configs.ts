import { nodeId } from '../broker';
import type { Broker } from '../broker';
import { topicSettings } from '../topics/topic-config';
import type { TopicConfig, TopicSetting } from '../topics/topic-config';
import { ErrorCode } from '../wire/error-code';
import type { WireReader } from '../wire/wire-reader';
import type { WireWriter } from '../wire/wire-writer';
import type { ApiHandler, KafkaRequest, RequestOutcome } from './kafka-request';

export const describeConfigs: ApiHandler = { key: 32, minVersion: 0, maxVersion: 4, flexibleFrom: 4, handle };

const ofTopic = 2;
const ofBroker = 4;
const ownOfTopic = 1;
const defaultOfBroker = 5;
const numberType = 5;
const textType = 2;

interface Resource {
  readonly type: number;
  readonly name: string;
  /** The requested settings; null for all. */
  readonly keys: readonly string[] | null;
}

function handle(request: KafkaRequest, broker: Broker): RequestOutcome {
  const { body, version } = request;
  const resources = body.structs(() => readResource(body));
  if (version >= 1) body.boolean(); // Whether to list synonyms: there are none.
  if (version >= 3) body.boolean(); // Whether to document settings: the README does.
  const answer = request.answer().int32(0);
  answer.structs(distinct(resources), (resource) => writeResource(answer, broker, resource, version));
  return answer.tags();
}

/** The source of a value, by the protocol's numbers. */
export function sourceOf(isOwn: boolean): number {
  return isOwn ? ownOfTopic : defaultOfBroker;
}

export function settingsOf({ settings }: Broker, config: TopicConfig): TopicSetting[] {
  return topicSettings({ ...settings, maxMessageBytes: settings.messageMaxBytes }, config);
}

function readResource(body: WireReader): Resource {
  return { type: body.int8(), name: body.string(), keys: body.nullableArray(() => body.string()) };
}

/** Each resource once, because its description is longer than its name. */
function distinct(resources: readonly Resource[]): Resource[] {
  return [...new Map(resources.map((resource) => [`${resource.type} ${resource.name}`, resource])).values()];
}

/** The settings of a topic (brokers have none), or the reason why there are none. */
function findSettings(broker: Broker, { type, name }: Resource): TopicSetting[] | ErrorCode {
  if (type === ofBroker) return name === '' || name === String(nodeId) ? [] : ErrorCode.invalidRequest;
  if (type !== ofTopic) return ErrorCode.invalidRequest;
  const topic = broker.catalog.get(name);
  return topic ? settingsOf(broker, topic.config) : ErrorCode.unknownTopicOrPartition;
}

function writeResource(answer: WireWriter, broker: Broker, resource: Resource, version: number): void {
  const found = findSettings(broker, resource);
  const settings = typeof found === 'number' ? [] : found;
  answer.int16(typeof found === 'number' ? found : ErrorCode.none).nullableString(null);
  answer.int8(resource.type).string(resource.name);
  const wanted = settings.filter(({ name }) => resource.keys?.includes(name) ?? true);
  answer.structs(wanted, (setting) => writeSetting(answer, setting, version));
}

function writeSetting(answer: WireWriter, { name, value, isOwn }: TopicSetting, version: number): void {
  answer.string(name).nullableString(value).boolean(true);
  if (version === 0) answer.boolean(!isOwn);
  else answer.int8(sourceOf(isOwn));
  answer.boolean(false); // Whether it is sensitive.
  if (version >= 1) answer.structs([], () => undefined);
  if (version >= 3) answer.int8(/^-?\d+$/.test(value) ? numberType : textType).nullableString(null);
}
