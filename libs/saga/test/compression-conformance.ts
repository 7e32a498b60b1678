/* What the transport sends compressed, for any broker. */
import { v7 as uuidV7 } from 'uuid';
import { KafkaTransport } from '../src/messaging';
import { RecordingLog } from './recording-log';
import { RecordingSubscriber } from './recording-subscriber';
import { type BrokerUnderTest, TopicCreator } from './topic-conformance';

/** Runs the suite for a broker. */
export function describeCompression(name: string, start: () => Promise<BrokerUnderTest>): void {
  describe(`compression by the transport on ${name}`, () => {
    let broker: BrokerUnderTest;
    let transport: KafkaTransport;

    beforeAll(async () => {
      broker = await start();
      transport = new KafkaTransport({ brokers: [broker.address], compression: 'gzip' }, new RecordingLog());
    });

    afterAll(async () => {
      await transport?.close();
      await broker?.stop();
    });

    it('lets a topic take messages that it would find too large', async () => {
      const topic = `${uuidV7()}.events`;
      const creator = await TopicCreator.connect(broker.address);
      const small = { name: 'max.message.bytes', value: '5000' };
      await creator.create({ topic, numPartitions: 1, configEntries: [small] }).finally(() => void creator.close());
      // Each message alone would be too large.
      const values = Array.from({ length: 10 }, (_, n) => `${n} ${'as before '.repeat(1_000)}`);
      await transport.publish(values.map((value) => ({ topic, key: 'k', value, headers: { 'a-header': value } })));
      const subscriber = await RecordingSubscriber.start(transport, { group: uuidV7(), topics: [topic] });
      await subscriber.hasReceived(values.length);
      expect(subscriber.values).toEqual(values);
      expect(subscriber.received.map(({ headers }) => String(headers?.['a-header']))).toEqual(values);
    });
  });
}
