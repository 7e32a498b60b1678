import { join } from 'node:path';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { ApacheKafka } from '@palinode/test-support/kafka/apache-kafka';
import { describeGroups } from '../../../test/group-conformance';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import { describeTransport, type TransportUnderTest } from '../../../test/transport-conformance';
import { KafkaTransport } from './kafka-transport';

async function startApache(): Promise<TransportUnderTest> {
  const servers = await RealServers.start({ postgres: 'none' });
  const kafka = await ApacheKafka.start({ directory: join(servers.directory, 'apache') });
  return {
    address: kafka.address,
    connect: (log = new RecordingLog()) => new KafkaTransport({ brokers: [kafka.address] }, log),
    // After it was killed, a broker waits nine seconds for its own former session to end.
    stopBroker: () => kafka.stop(),
    startBroker: () => kafka.restart(),
    startEmpty: () => kafka.restart({ empty: true }),
    stop: async () => {
      await kafka.stop();
      await servers.stop();
    },
  };
}

describeWhenAvailable('the reference broker', ApacheKafka.missing(), () => {
  describeTransport('kafkajs over Apache Kafka', startApache);
  describeGroups('Apache Kafka', startApache);
});
