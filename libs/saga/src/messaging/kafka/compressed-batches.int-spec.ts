import { EmbeddedKafka } from '@palinode/embedded-kafka';
import { describeWhenAvailable } from '@palinode/test-support/available-or-skipped';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { v7 as uuidV7 } from 'uuid';
import { describeCompression } from '../../../test/compression-conformance';
import { startEmbedded } from '../../../test/embedded-broker';
import { RealServers } from '../../../test/real-servers';
import { RecordingLog } from '../../../test/recording-log';
import { DEAD_LETTERS } from '../../contract';
import type { IncomingMessage } from '../transport';
import { KafkaTransport } from './kafka-transport';

describeCompression('the embedded broker', startEmbedded);

it('a codec that the transport cannot write is rejected, with another way to compress', () => {
  const compression = 'zstd' as 'gzip';
  const create = (): KafkaTransport =>
    new KafkaTransport({ brokers: ['127.0.0.1:1'], compression }, new RecordingLog());
  expect(create).toThrow(/compression must be none or gzip, and is zstd\. .* compression\.type of the topics/);
});

const missing = spawnSync('kcat', ['-V']).error === undefined ? undefined : 'kcat is not installed';

describeWhenAvailable('batches that another client has compressed', missing, () => {
  let kafka: EmbeddedKafka;
  let servers: RealServers;
  let transport: KafkaTransport;
  const log = new RecordingLog();

  beforeAll(async () => {
    servers = await RealServers.start({ postgres: 'none' });
    kafka = await EmbeddedKafka.start({ directory: `${servers.directory}/kafka` });
    transport = new KafkaTransport({ brokers: [kafka.address], partitions: 1 }, log);
  });

  afterAll(async () => {
    await transport?.close();
    await kafka?.close();
    await servers?.stop();
  });

  /** Sends each line as a message, or the whole text as one. */
  async function produce(topic: string, codec: string, text: string, as: 'lines' | 'one'): Promise<void> {
    const file = `${servers.directory}/${topic}.txt`;
    await writeFile(file, text);
    const to = ['-P', '-b', kafka.address, '-t', topic, '-p', '0', '-z', codec, '-X', 'message.max.bytes=100000000'];
    await promisify(execFile)('kcat', [...to, ...(as === 'lines' ? ['-l'] : []), file]);
  }

  async function collect(topic: string): Promise<IncomingMessage[]> {
    const seen: IncomingMessage[] = [];
    const handle = async (messages: readonly IncomingMessage[]): Promise<void> => void seen.push(...messages);
    await transport.subscribe({ group: `readers-${uuidV7()}`, topics: [topic], handle });
    return seen;
  }

  it.each(['gzip', 'snappy', 'lz4', 'zstd'])('reads batches that are compressed with %s', async (codec) => {
    const topic = `orders-${codec}`;
    await transport.ensureTopics([topic]);
    const lines = Array.from({ length: 2_000 }, (_, n) => `{"order":${n},"note":"as before, as before"}`);
    await produce(topic, codec, lines.join('\n'), 'lines');
    const seen = await collect(topic);
    await waitUntil('all messages are read', () => seen.length >= lines.length);
    expect(seen.map(({ value }) => String(value))).toEqual(lines);
  });

  it.each(['gzip', 'zstd'])('skips batches with a dead letter when %s decompresses to too much', async (codec) => {
    const topic = `bombs-${codec}`;
    await transport.ensureTopics([topic, DEAD_LETTERS]);
    await produce(topic, codec, 'x'.repeat(40_000_000), 'one');
    const seen = await collect(topic);
    const letters = await collect(DEAD_LETTERS);
    await transport.publish([{ topic, key: 'k', value: 'after it' }]);
    await waitUntil('the next message is read', () => seen.length > 0);
    expect(seen.map(({ value }) => String(value))).toEqual(['after it']);
    await waitUntil('the batch is dead-lettered', () =>
      letters.some(({ headers }) => String(headers?.['original-topic']) === topic),
    );
    const [letter] = letters.filter(({ headers }) => String(headers?.['original-topic']) === topic);
    expect(String(letter?.headers?.['reason'])).toBe('undecodable-batch');
    expect(String(letter?.headers?.['original-offset'])).toBe('0');
    expect(String(letter?.headers?.['cut'])).toBe('value');
    expect(letter?.value).toBeNull();
    expect(log.lines).toContainEqual(expect.stringContaining(`the messages of ${topic}/0 up to offset 0 cannot be`));
  });
});
