import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { RealServers } from '../../testing/real-servers';
import { RecordingLog } from '../../testing/recording-log';
import { describeTransport, type TransportUnderTest } from '../../testing/transport-conformance';
import { KafkaTransport } from './kafka-transport';

jest.setTimeout(40_000);

async function startEmbedded(): Promise<TransportUnderTest> {
  const servers = await RealServers.start({ postgres: false });
  const directory = servers.directory;
  let kafka = await EmbeddedKafka.start({ directory: `${directory}/kafka` });
  const { address, port } = kafka;
  return {
    connect: () => new KafkaTransport({ brokers: [address] }, new RecordingLog()),
    stopBroker: () => kafka.close(),
    startBroker: async () => {
      await kafka.close();
      kafka = await EmbeddedKafka.start({ directory: `${directory}/kafka`, port });
    },
    stop: async () => {
      await kafka.close();
      await servers.stop();
    },
  };
}

describeTransport('kafkajs over the embedded broker', startEmbedded);
