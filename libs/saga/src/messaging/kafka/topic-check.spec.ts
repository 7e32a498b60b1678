import { checkTopics, type FoundTopic, type TopicContext } from './topic-check';

const WEEK_MS = 604_800_000;
const context: TopicContext = { brokers: 3, partitions: 4, bootstrapServer: 'kafka:9092' };
const GOOD = { 'cleanup.policy': 'delete', 'retention.ms': WEEK_MS, 'retention.bytes': -1, 'min.insync.replicas': 2 };
const COMMANDS = 'payment.commands';

function topic(name: string, settings: Partial<typeof GOOD> | null = {}, more: Partial<FoundTopic> = {}): FoundTopic {
  const texts = Object.entries({ ...GOOD, ...settings }).map(([key, value]) => [key, String(value)] as const);
  return { name, partitions: 4, replicas: 3, settings: settings === null ? undefined : new Map(texts), ...more };
}

const configure = (name: string, setting: string): string =>
  `kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name ${name} --add-config ${setting}`;

describe('the check of topics', () => {
  const all = [COMMANDS, 'orchestrator.commands', 'orchestrator.replies.payment', 'order.events', 'saga.dead-letters'];

  it('finds nothing wrong with topics as the documents describe them', () => {
    expect(checkTopics([...all.map((name) => topic(name)), topic('orchestrator.acknowledgements')], context)).toEqual({
      fatal: [],
      warnings: [],
    });
  });

  it.each([COMMANDS, 'orchestrator.replies.payment', 'saga.dead-letters', 'orchestrator.acknowledgements'])(
    'rejects a compacted %s with the command that mends it',
    (name) => {
      const { fatal, warnings } = checkTopics([topic(name, { 'cleanup.policy': 'compact,delete' })], context);
      expect(fatal).toEqual([expect.stringMatching(`^${name}: compacted`)]);
      expect(fatal[0]).toContain(configure(name, 'cleanup.policy=delete'));
      expect(warnings).toEqual([]);
    },
  );

  it.each<[string, FoundTopic, string]>([
    ['events that are compacted', topic('order.events', { 'cleanup.policy': 'compact' }), 'cleanup.policy=delete'],
    ['a short retention', topic(COMMANDS, { 'retention.ms': WEEK_MS - 1 }), `retention.ms=${WEEK_MS}`],
    ['a limited size', topic(COMMANDS, { 'retention.bytes': 1 }), 'retention.bytes=-1'],
    ['a message on one replica', topic(COMMANDS, { 'min.insync.replicas': 1 }), 'min.insync.replicas=2'],
    ['no broker to spare', topic(COMMANDS, { 'min.insync.replicas': 3 }), 'min.insync.replicas=2'],
    ['no broker enough', topic(COMMANDS, { 'min.insync.replicas': 4 }), 'min.insync.replicas=2'],
    ['few partitions', topic(COMMANDS, {}, { partitions: 3 }), 'payment.commands --partitions 4'],
    ['one replica in a cluster', topic(COMMANDS, {}, { replicas: 1 }), 'in a cluster of 3 brokers'],
    ['two replicas', topic(COMMANDS, {}, { replicas: 2 }), 'with two replicas'],
  ])('warns of %s, with the remedy', (_, found, remedy) => {
    const { fatal, warnings } = checkTopics([found], context);
    expect(fatal).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(`^${found.name}: `)]);
    expect(warnings[0]).toContain(remedy);
  });

  it('warns of an orchestrator whose topics differ in partitions, and names those that need more', () => {
    const topics = [
      topic('orchestrator.commands', {}, { partitions: 8 }),
      topic('orchestrator.replies.payment', {}, { partitions: 8 }),
      topic('orchestrator.replies.order'),
      topic(COMMANDS),
    ];
    const { warnings } = checkTopics(topics, context);
    expect(warnings).toEqual([
      expect.stringMatching(/^orchestrator\.replies\.order: with fewer partitions than other/),
    ]);
    expect(warnings[0]).toContain('--topic orchestrator.replies.order --partitions 8');
  });

  it('names all topics with the same problem in one warning', () => {
    const { warnings } = checkTopics(
      all.map((name) => topic(name, { 'min.insync.replicas': 1 })),
      context,
    );
    expect(warnings).toEqual([expect.stringMatching(`^${all.join(', ')}: `)]);
    expect(warnings[0]).toContain(configure('TOPIC', 'min.insync.replicas=2'));
  });

  it('accepts messages that are kept for ever, and the one replica of a single broker', () => {
    const kept = topic(COMMANDS, { 'retention.ms': -1, 'min.insync.replicas': 1 }, { replicas: 1 });
    expect(checkTopics([kept], { ...context, brokers: 1 })).toEqual({ fatal: [], warnings: [] });
  });

  it('does not guess settings that it may not read', () => {
    expect(checkTopics([topic(COMMANDS, null)], context)).toEqual({ fatal: [], warnings: [] });
  });

  it.each(['orchestrator.database.6b6a2c1e', 'somebody-elses', '__consumer_offsets'])('leaves %s alone', (name) => {
    const odd = topic(name, { 'cleanup.policy': 'compact', 'retention.ms': 0 }, { partitions: 1, replicas: 1 });
    expect(checkTopics([odd], context)).toEqual({ fatal: [], warnings: [] });
  });
});
