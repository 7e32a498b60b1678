import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Clients } from '../test/conformance/clients';
import { RecordingConsumer } from '../test/conformance/recording-consumer';
import { requestBody } from '../test/conformance/request-body';
import { EmbeddedKafka } from './embedded-kafka';

const fetchKey = 1;
const metadataKey = 3;
const apiVersionsKey = 18;

describe('the embedded broker in this process', () => {
  let directory: string;
  let broker: EmbeddedKafka;
  let clients: Clients;
  let errors: Error[];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'embedded-kafka-'));
    errors = [];
    broker = await EmbeddedKafka.start({ directory, onError: (error) => errors.push(error) });
    clients = new Clients([broker.address]);
  });
  afterEach(async () => {
    await clients.close();
    await broker.close();
    rmSync(directory, { recursive: true });
    expect(errors).toEqual([]);
  });

  const fetchBody = (topic: string, maxWaitMs: number): Buffer =>
    requestBody((write) => {
      write.int32(-1).int32(maxWaitMs).int32(1).int32(1024).int8(0);
      write.array([topic], (name) =>
        write.string(name).array([0], (partition) => write.int32(partition).int64(0).int32(1024)),
      );
    });

  it('starts again in the directory that it closed', async () => {
    const topic = await clients.topic(2);
    await clients.close();
    await broker.close();
    broker = await EmbeddedKafka.start({ directory });
    clients = new Clients([broker.address]);
    expect(await (await clients.admin()).listTopics()).toEqual([topic]);
  });

  it('completes a rebalance at once although the members’ long polls are long', async () => {
    const topic = await clients.topic(2);
    const pollMs = 25_000;
    const config = { groupId: randomUUID(), maxWaitTimeInMs: pollMs, heartbeatInterval: 50, sessionTimeout: 60_000 };
    const first = await RecordingConsumer.start(clients, topic, config);
    await first.isAssigned(2);
    const joinedAt = Date.now();
    const second = await RecordingConsumer.start(clients, topic, config);
    await Promise.all([first.isAssigned(1), second.isAssigned(1)]);
    // If it had waited for the polls, it would have taken as long as they do.
    expect(Date.now() - joinedAt).toBeLessThan(pollMs - 5_000);
    // Ends the polls, because disconnecting clients wait for them.
    const producer = await clients.producer();
    await producer.send({ topic, messages: [0, 1].map((partition) => ({ partition, value: 'wake up' })) });
  });

  it('does not let requests wait behind a long poll, and answers in their order', async () => {
    const topic = await clients.topic();
    const client = await clients.raw();
    const answered: string[] = [];
    const pollMs = 100_000;
    const startedAt = Date.now();
    const fetched = client.request(fetchKey, 4, fetchBody(topic, pollMs)).then(() => answered.push('fetch'));
    const described = client
      .request(
        metadataKey,
        4,
        requestBody((write) => write.array([], () => undefined).boolean(false)),
      )
      .then(() => answered.push('metadata'));
    await Promise.all([fetched, described]);
    expect(answered).toEqual(['fetch', 'metadata']);
    expect(Date.now() - startedAt).toBeLessThan(pollMs - 5_000);
  });

  it('ends a long poll when its topic is deleted', async () => {
    const topic = await clients.topic();
    const admin = await clients.admin();
    const client = await clients.raw();
    const fetched = client.request(fetchKey, 4, fetchBody(topic, 200_000));
    await admin.deleteTopics({ topics: [topic] });
    await fetched;
  });

  it('answers an unknown version of ApiVersions in version 0, so that the client retries with a known one', async () => {
    const client = await clients.raw();
    const answer = await client.request(apiVersionsKey, 9, Buffer.from([0, 2, 65, 2, 65, 0]));
    expect(answer.int16()).toBe(35);
    const offered = answer.array(() => [answer.int16(), answer.int16(), answer.int16()]);
    expect(offered).toContainEqual([apiVersionsKey, 0, 4]);
    expect(offered).toHaveLength(20);
    expect(answer.remainingBytes).toBe(0);
  });
});
