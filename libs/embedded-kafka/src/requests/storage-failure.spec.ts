import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../broker';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { requestBody } from '../../test/conformance/request-body';
import { segmentFileName } from '../log/segment';
import { ManualClock } from '../../test/manual-clock';
import { toBrokerSettings } from '../settings';
import { askBroker } from '../../test/ask-broker';
import { ErrorCode } from '../wire/error-code';

const fetchKey = 1;
const listOffsetsKey = 2;
const createTopicsKey = 19;
const createPartitionsKey = 37;

describe('a request for which the storage fails', () => {
  let directory: string;
  let topics: string;
  let broker: Broker;
  let errors: string[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'storage-failure-'));
    topics = join(directory, 'topics');
    errors = [];
    const onError = (error: Error): number => errors.push(error.message);
    const settings = toBrokerSettings({ directory, tailCacheBytes: 0, partitionsMax: 10, onError });
    broker = new Broker(settings, 'cluster', new ManualClock());
    broker.catalog.create('t', 2, {});
    for (const partition of [0, 1]) broker.catalog.partition('t', partition)!.append(recordBatchOf(['v']));
  });
  afterEach(() => {
    broker.close();
    rmSync(directory, { recursive: true });
  });

  async function createTopic(name: string, partitions = 1): Promise<number> {
    const body = requestBody((writer) => {
      writer.array([name], (topic) => writer.string(topic).int32(partitions).int16(1).int32(0).int32(0));
      writer.int32(0).boolean(false);
    });
    const answer = await askBroker(broker, createTopicsKey, 2, body);
    answer.int32();
    return answer.array(() => [answer.string(), answer.int16(), answer.nullableString()] as const)[0]![1];
  }

  async function fetchErrors(): Promise<number[]> {
    const body = requestBody((writer) => {
      writer
        .int32(-1)
        .int32(0)
        .int32(1)
        .int32(100_000)
        .int8(0)
        .array(['t'], (topic) => {
          writer.string(topic);
          writer.array([0, 1], (partition) => writer.int32(partition).int64(0).int32(10_000));
        });
    });
    const answer = await askBroker(broker, fetchKey, 4, body);
    answer.int32();
    return answer.array(() => {
      answer.string();
      return answer.array(() => {
        answer.int32();
        const error = answer.int16();
        answer.int64();
        answer.int64();
        answer.int32();
        answer.bytes();
        return error;
      });
    })[0]!;
  }

  it('gets an error when it creates a topic, which can be created once the disk is there again', async () => {
    renameSync(topics, `${topics}-away`);
    writeFileSync(topics, 'no directory');
    expect(await createTopic('new')).toBe(ErrorCode.kafkaStorageError);
    expect(broker.catalog.get('new')).toBeUndefined();
    rmSync(topics);
    renameSync(`${topics}-away`, topics);
    expect(await createTopic('new')).toBe(ErrorCode.none);
    expect(errors).toHaveLength(1);
  });

  it('gets an error for the partition whose file was cut short, and the messages of the others', async () => {
    truncateSync(join(topics, 't-0', segmentFileName(0)), 30);
    expect(await fetchErrors()).toEqual([ErrorCode.kafkaStorageError, ErrorCode.none]);
    expect(await fetchErrors()).toEqual([ErrorCode.kafkaStorageError, ErrorCode.none]);
    expect(errors).toEqual([expect.stringContaining('t-0')]);
  });

  it('gets an error when it looks up a timestamp in a file of zeros, instead of searching forever', async () => {
    writeFileSync(join(topics, 't-0', segmentFileName(0)), Buffer.alloc(1000));
    const body = requestBody((writer) => {
      writer.int32(-1).array(['t'], (topic) => {
        writer.string(topic).array([0, 1], (partition) => writer.int32(partition).bigint64(0n));
      });
    });
    const answer = await askBroker(broker, listOffsetsKey, 1, body);
    const found = answer.array(() => {
      answer.string();
      return answer.array(() => [answer.int32(), answer.int16(), answer.bigint64(), answer.int64()] as const);
    })[0]!;
    expect(found.map(([, error]) => error)).toEqual([ErrorCode.kafkaStorageError, ErrorCode.none]);
  });

  it('gets an error when all topics together would have too many partitions', async () => {
    expect(await createTopic('large', 9)).toBe(ErrorCode.invalidPartitions);
    expect(await createTopic('small', 8)).toBe(ErrorCode.none);
    const body = requestBody((writer) => {
      writer
        .array(['t'], (topic) => writer.string(topic).int32(3).int32(-1))
        .int32(0)
        .boolean(false);
    });
    const answer = await askBroker(broker, createPartitionsKey, 0, body);
    answer.int32();
    const [result] = answer.array(() => [answer.string(), answer.int16(), answer.nullableString()] as const);
    expect(result![1]).toBe(ErrorCode.invalidPartitions);
  });
});
