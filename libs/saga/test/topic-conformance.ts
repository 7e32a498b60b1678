/* What a service requires of topics that others create, for any broker. */
import { Kafka, logLevel, type Admin, type ITopicConfig } from 'kafkajs';
import { v7 as uuidV7 } from 'uuid';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { ConfigurationError, topicsOf } from '../src/contract';
import { KafkaTransport, type KafkaOptions } from '../src/messaging';
import { RecordingLog } from './recording-log';

export interface BrokerUnderTest {
  readonly address: string;
  stop(): Promise<void>;
}

/** Does what a command of `kafka-topics.sh` says. */
export function topicOf(command: string): ITopicConfig {
  const option = (name: string): string[] =>
    [...command.matchAll(new RegExp(`--${name} (\\S+)`, 'g'))].map(([, v]) => v!);
  return {
    topic: option('topic')[0]!,
    numPartitions: Number(option('partitions')[0]),
    configEntries: option('config').map((setting) => {
      const [name = '', value = ''] = setting.split('=');
      return { name, value };
    }),
  };
}

/** The commands in a message. */
export function commandsIn(message: string): string[] {
  return message.split('\n').flatMap((line) => /^\s+(kafka-\S+\.sh .*)$/.exec(line)?.[1] ?? []);
}

export class TopicCreator {
  private constructor(private readonly admin: Admin) {}

  static async connect(address: string): Promise<TopicCreator> {
    const admin = new Kafka({ brokers: [address], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return new TopicCreator(admin);
  }

  async create(...topics: readonly ITopicConfig[]): Promise<void> {
    await this.admin.createTopics({ topics: [...topics], waitForLeaders: true });
  }

  async delete(topic: string): Promise<void> {
    await this.admin.deleteTopics({ topics: [topic] });
    await waitUntil('it is gone', async () => !(await this.admin.listTopics()).includes(topic));
  }

  list(): Promise<string[]> {
    return this.admin.listTopics();
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }
}

/** Runs the suite for a broker. */
export function describeTopics(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`the check of topics on ${name}`, () => {
    let broker: BrokerUnderTest;
    let creator: TopicCreator;
    let log: RecordingLog;
    let transport: KafkaTransport;

    beforeAll(async () => {
      broker = await start();
      creator = await TopicCreator.connect(broker.address);
    });

    afterAll(async () => {
      await creator?.close();
      await broker?.stop();
    });

    beforeEach(() => {
      log = new RecordingLog();
      transport = connect({ createTopics: false });
    });

    afterEach(() => transport.close());

    const connect = (options: Partial<KafkaOptions>): KafkaTransport =>
      new KafkaTransport({ brokers: [broker.address], ...options }, log);
    /** The names of an environment of its own. */
    const fresh = () => topicsOf({ prefix: `${uuidV7()}.` });

    it('fails the start of a service that creates no topics, with the commands that create what is missing', async () => {
      const { commands, deadLetters } = fresh();
      const starting = transport.ensureTopics([commands, deadLetters]).then(() => '', String);
      const needed = commandsIn(await starting).map(topicOf);
      expect(needed.map(({ topic }) => topic)).toEqual([commands, deadLetters]);
      expect(await creator.list()).not.toContain(commands);
      await creator.create(...needed);
      await transport.ensureTopics([commands, deadLetters]);
      expect(log.lines.filter((line) => line.startsWith('topics:'))).toEqual([]);
    });

    it('reports missing topics as a wrong configuration', async () => {
      await expect(transport.ensureTopics([fresh().commands])).rejects.toThrow(ConfigurationError);
    });

    it('warns once of too few partitions and of a short retention, with the remedies', async () => {
      const { commands: topic } = fresh();
      const short = { name: 'retention.ms', value: '3600000' };
      await creator.create({ topic, numPartitions: 2, configEntries: [short] });
      await transport.ensureTopics([topic]);
      await transport.ensureTopics([topic]);
      const warnings = log.lines.filter((line) => line.startsWith(`topics: ${topic}`));
      expect(warnings).toEqual([expect.stringContaining('retention.ms'), expect.stringContaining('partitions')]);
      expect(warnings.flatMap(commandsIn)).toEqual([
        expect.stringContaining(`--entity-name ${topic} --add-config retention.ms=604800000`),
        expect.stringContaining(`--alter --topic ${topic} --partitions 4`),
      ]);
    });

    it('also checks existing topics of a service that creates topics', async () => {
      const { commands: topic } = fresh();
      await creator.create({ topic, numPartitions: 1 });
      const creating = connect({});
      await creating.ensureTopics([topic]);
      await creating.close();
      expect(log.lines.filter((line) => line.startsWith(`topics: ${topic}`))).toHaveLength(1);
    });

    it('lets messages of a deleted topic wait until others have created it again', async () => {
      const { commands: topic } = fresh();
      await creator.create({ topic, numPartitions: 4 });
      await transport.ensureTopics([topic]);
      await creator.delete(topic);
      const publishing = transport.publish([{ topic, key: 'k', value: 'v' }]);
      const named = (): string | undefined => log.lines.find((line) => commandsIn(line).length > 0);
      await waitUntil('the log says what is missing', () => named() !== undefined);
      await creator.create(...commandsIn(named()!).map(topicOf));
      await publishing;
    });
  });
}
