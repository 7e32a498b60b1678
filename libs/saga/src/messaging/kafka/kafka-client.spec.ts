import { logLevel } from 'kafkajs';
import { RecordingLog } from '../../../test/recording-log';
import { createKafka, kafkaLog } from './kafka-client';
import { assertKafkajs } from './internal';
import { ConfigurationError } from '../../contract';

it('the log of kafkajs names the cause of a failure when kafkajs knows it, and leaves out what is thrown as well', () => {
  const log = new RecordingLog();
  const say = kafkaLog(log)(logLevel.WARN);
  const entry = { level: logLevel.ERROR, label: 'ERROR', namespace: 'Connection' };
  const about = { timestamp: new Date().toISOString(), logger: 'kafkajs' };
  say({ ...entry, log: { ...about, message: 'Response Metadata', error: 'There is no leader' } });
  say({ ...entry, log: { ...about, message: 'Connected again' } });
  say({
    ...entry,
    log: { ...about, message: 'Response CreateTopics(key: 19, version: 3)', error: 'Topic creation errors' },
  });
  expect(log.lines).toEqual(['Connection: Response Metadata: There is no leader', 'Connection: Connected again']);
});

it('a version of kafkajs that the library does not know is rejected with the remedy', () => {
  expect(() => assertKafkajs('2.3.0')).toThrow(ConfigurationError);
  expect(() => assertKafkajs('2.3.0')).toThrow(/needs kafkajs 2\.2\.4 and finds 2\.3\.0\. Remove .*"overrides"/);
});

it('the installed version of kafkajs is the one that the library knows', () => {
  expect(() => createKafka({ brokers: ['127.0.0.1:1'] })).not.toThrow();
});
