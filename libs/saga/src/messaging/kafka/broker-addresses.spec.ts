import { ConfigurationError } from '../../contract';
import { RecordingLog } from '../../../test/recording-log';
import { namingBrokers } from './broker-addresses';
import { KafkaOffsets } from './kafka-offsets';
import { KafkaTransport } from './kafka-transport';

const users = [
  ['a transport', (brokers: readonly string[]) => new KafkaTransport({ brokers }, new RecordingLog())],
  ['the reader of offsets', (brokers: readonly string[]) => new KafkaOffsets({ brokers })],
] as const;

describe.each(users)('%s', (_what, connect) => {
  it.each([
    'kafka',
    'kafka:',
    ':9092',
    'kafka:http',
    'kafka:0',
    'kafka:65536',
    ' kafka:9092',
    'kafka:9092 ',
    'kafka :9092',
    'kafka:9092,other:9092',
    'http://kafka:9092',
    '::1:9092',
    '[::1]',
    '[kafka]:9092',
    '',
  ])('rejects "%s" as the address of a broker, and says how to write one', (broker) => {
    expect(() => connect(['kafka:9092', broker])).toThrow(
      new ConfigurationError(
        `"${broker}" is no address of a broker; write host:port without blanks, such as kafka.example:9092 or [::1]:9092.`,
      ),
    );
  });

  it('rejects an empty list of brokers', () => {
    expect(() => connect([])).toThrow(/No broker is named; give at least one as host:port/);
  });

  it.each(['kafka:9092', 'kafka-1.example:9092', '127.0.0.1:9092', '[::1]:9092', '[fe80::1%eth0]:9092'])(
    'accepts "%s"',
    (broker) => {
      expect(() => connect([broker])).not.toThrow();
    },
  );
});

it.each([0, 1.5, Number.NaN])('a transport rejects %s as the number of partitions', (partitions) => {
  expect(() => new KafkaTransport({ brokers: ['kafka:9092'], partitions }, new RecordingLog())).toThrow(
    ConfigurationError,
  );
});

it.each([
  [[], ''],
  [['kafka:9092'], '; its broker is kafka:9092'],
  [['a:9092', 'b:9092'], '; its brokers are a:9092, b:9092'],
])('names the brokers %j at the end of a message', (brokers, end) => {
  expect(namingBrokers(brokers)).toBe(end);
});
