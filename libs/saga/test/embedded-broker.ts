import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { rm } from 'node:fs/promises';
import { KafkaTransport } from '../src/messaging';
import { RealServers } from './real-servers';
import { RecordingLog } from './recording-log';
import type { TransportUnderTest } from './transport-conformance';

/** The embedded broker, for suites that run on several brokers. */
export async function startEmbedded(): Promise<TransportUnderTest> {
  const servers = await RealServers.start({ postgres: 'none' });
  const directory = servers.directory;
  let kafka = await EmbeddedKafka.start({ directory: `${directory}/kafka` });
  const { address, port } = kafka;
  return {
    address,
    connect: (log = new RecordingLog()) => new KafkaTransport({ brokers: [address] }, log),
    stopBroker: () => kafka.close(),
    startBroker: async () => {
      await kafka.close();
      kafka = await EmbeddedKafka.start({ directory: `${directory}/kafka`, port });
    },
    startEmpty: async () => {
      await rm(`${directory}/kafka`, { recursive: true });
      kafka = await EmbeddedKafka.start({ directory: `${directory}/kafka`, port });
    },
    stop: async () => {
      await kafka.close();
      await servers.stop();
    },
  };
}
