import { describeWhenAvailable } from '../../../../embedded-kafka/src/conformance/available-or-skipped';
import { ApacheKafka } from '../../../../../stack/src/apache-kafka/apache-kafka';
import { RecordingLog } from '../../testing/recording-log';
import { describeTransport, type TransportUnderTest } from '../../testing/transport-conformance';
import { KafkaTransport } from './kafka-transport';

jest.setTimeout(120_000);

async function startApache(): Promise<TransportUnderTest> {
  const kafka = await ApacheKafka.start();
  return {
    connect: () => new KafkaTransport({ brokers: [kafka.address] }, new RecordingLog()),
    stopBroker: () => kafka.kill(),
    startBroker: () => kafka.restart(),
    stop: () => kafka.stop(),
  };
}

describeWhenAvailable('the reference', ApacheKafka.missing(), () => {
  describeTransport('kafkajs over Apache Kafka', startApache);
});
