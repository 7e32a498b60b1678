import { logLevel } from 'kafkajs';
import { RecordingLog } from '../../../test/recording-log';
import { kafkaLog } from './kafka-client';

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
