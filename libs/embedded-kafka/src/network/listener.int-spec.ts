import { mkdtempSync, rmSync } from 'node:fs';
import * as net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Broker } from '../broker';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { RawClient } from '../../test/conformance/raw-client';
import { recordBatchOf } from '../../test/conformance/record-batch-of';
import { requestBody } from '../../test/conformance/request-body';
import { ManualClock } from '../../test/manual-clock';
import { toBrokerSettings } from '../settings';
import type { EmbeddedKafkaOptions } from '../settings';
import { Listener } from './listener';

const produceKey = 0;
const fetchKey = 1;
const metadataKey = 3;
const apiVersionsKey = 18;
const mebibyte = 1024 * 1024;
const minute = 60_000;

describe('the connections of a broker', () => {
  let directory: string;
  let clock: ManualClock;
  let broker: Broker;
  let listener: Listener;
  let port: number;
  let clients: RawClient[];
  let errors: Error[];

  async function start(options: Partial<EmbeddedKafkaOptions> = {}): Promise<void> {
    const settings = toBrokerSettings({ directory, onError: (error) => errors.push(error), ...options });
    broker = new Broker(settings, 'cluster', clock);
    listener = new Listener(broker);
    port = await listener.listen('127.0.0.1', 0);
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'listener-'));
    clock = new ManualClock();
    clients = [];
    errors = [];
  });
  afterEach(async () => {
    for (const client of clients) client.close();
    await listener.close();
    broker.close();
    rmSync(directory, { recursive: true });
    expect(errors).toEqual([]);
  });

  async function connect(): Promise<RawClient> {
    const client = await RawClient.connect(`127.0.0.1:${port}`);
    clients.push(client);
    return client;
  }
  function fetchFrame(topic: string, maxBytes: number): Buffer {
    const body = requestBody((write) => {
      write.int16(fetchKey).int16(4).int32(1).nullableString('deaf');
      write.int32(-1).int32(0).int32(1).int32(maxBytes).int8(0);
      write.array([topic], (name) => write.string(name).array([0], (at) => write.int32(at).int64(0).int32(maxBytes)));
    });
    const length = Buffer.alloc(4);
    length.writeInt32BE(body.length);
    return Buffer.concat([length, body]);
  }

  const isAnswered = async (client: RawClient): Promise<boolean> =>
    (await client.request(apiVersionsKey, 0, Buffer.alloc(0))).int16() === 0;

  /** The start of a frame that announces more bytes than follow. */
  function unfinishedFrame(announcedBytes: number, sentBytes: number): Buffer {
    const frame = Buffer.alloc(4 + sentBytes);
    frame.writeInt32BE(announcedBytes);
    return frame;
  }

  /** Sends bytes together with a request, whose response shows that the broker has read them. */
  async function seen(client: RawClient, bytes: Buffer): Promise<void> {
    const answered = client.request(apiVersionsKey, 0, Buffer.alloc(0));
    client.send(bytes);
    await answered;
    // The socket may deliver the rest a few event loop iterations after the response.
    await isAnswered(await connect());
  }

  it('closes a connection whose request does not arrive in time, even if its bytes trickle in', async () => {
    await start({ requestArrivalMs: minute, connectionIdleMs: 10 * minute });
    const slow = await connect();
    const other = await connect();
    await seen(slow, unfinishedFrame(1000, 10));
    clock.advance(minute - 1);
    slow.send(Buffer.alloc(10));
    expect(await isAnswered(other)).toBe(true);
    clock.advance(2);
    await slow.closed;
    expect(await isAnswered(other)).toBe(true);
  });

  it('closes idle connections, but not while a request waits for its response', async () => {
    await start({ connectionIdleMs: minute });
    broker.catalog.create('t', 1, {});
    const idle = await connect();
    const waiting = await connect();
    const polled = waiting.request(
      fetchKey,
      4,
      requestBody((write) => {
        write
          .int32(-1)
          .int32(5 * minute)
          .int32(1)
          .int32(1000)
          .int8(0);
        write.array(['t'], (topic) => write.string(topic).array([0], (at) => write.int32(at).int64(0).int32(1000)));
      }),
    );
    expect(await isAnswered(await connect())).toBe(true);
    clock.advance(minute + 1);
    await idle.closed;
    clock.advance(4 * minute);
    expect((await polled).int32()).toBe(0);
  });

  it('limits the memory of connections: of forty giant frames some are closed, and other clients are not', async () => {
    await start({ requestMaxBytes: mebibyte, connectionMemoryBytes: 4 * mebibyte });
    const ordinary = await connect();
    expect(await isAnswered(ordinary)).toBe(true);
    let ended = 0;
    for (let at = 0; at < 40; at++) {
      const giant = await connect();
      void giant.closed.then(() => ended++);
      await seen(giant, unfinishedFrame(mebibyte, mebibyte - 1));
    }
    expect(await isAnswered(ordinary)).toBe(true);
    expect(ended).toBeGreaterThanOrEqual(36 - 2);
  });

  it('limits the memory of connections: a client that does not read is closed, and other clients are not', async () => {
    await start({ requestMaxBytes: mebibyte, connectionMemoryBytes: 4 * mebibyte });
    broker.catalog.create('t', 1, {});
    broker.catalog.partition('t', 0)!.append(recordBatchOf(['x'.repeat(mebibyte - 1000)]));
    const ordinary = await connect();
    const frame = fetchFrame('t', mebibyte);
    const deaf = Array.from({ length: 10 }, () => {
      const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
      socket.pause();
      for (let at = 0; at < 90; at++) socket.write(frame);
      return socket;
    });
    try {
      // A socket that is not read does not notice its end either; writing to it does.
      await waitUntil('some connections to be closed', () => {
        for (const socket of deaf) if (!socket.destroyed) socket.write(frame);
        return deaf.some((socket) => socket.destroyed);
      });
      expect(await isAnswered(ordinary)).toBe(true);
    } finally {
      for (const socket of deaf) socket.destroy();
    }
  });

  it('limits connections: a new one replaces one that never sent a request or was idle for longest', async () => {
    await start({ connectionsMax: 3 });
    const [first, mute, third] = [await connect(), await connect(), await connect()];
    expect([await isAnswered(first), await isAnswered(third)]).toEqual([true, true]);
    clock.advance(10);
    const fourth = await connect();
    await mute.closed;
    expect([await isAnswered(third), await isAnswered(fourth)]).toEqual([true, true]);
    clock.advance(10);
    expect(await isAnswered(await connect())).toBe(true);
    await first.closed;
  });

  it('closes a connection that sends a giant request without records', async () => {
    await start();
    const client = await connect();
    const other = await connect();
    const names = requestBody((write) => write.array(Array<string>(2_200_000).fill(''), (name) => write.string(name)));
    await expect(client.request(metadataKey, 0, names)).rejects.toThrow('closed');
    expect(await isAnswered(other)).toBe(true);
  });

  it('answers a request that names one topic a hundred thousand times with one entry', async () => {
    await start();
    broker.catalog.create('t', 1000, {});
    const names = requestBody((write) => write.array(Array<string>(100_000).fill('t'), (name) => write.string(name)));
    const answer = await (await connect()).request(metadataKey, 0, names);
    expect(answer.remainingBytes).toBeLessThan(100_000);
  });

  it('serves other connections while one produces very many batches', async () => {
    await start();
    broker.catalog.create('t', 1, {});
    const busy = await connect();
    const other = await connect();
    const answers: string[] = [];
    const body = requestBody((write) => {
      write
        .int16(-1)
        .int32(0)
        .array(['t'], (topic) => {
          write.string(topic).array(Array<number>(200_000).fill(0), (at) => write.int32(at).bytes(Buffer.alloc(70)));
        });
    });
    const produced = busy.request(produceKey, 0, body).then(() => answers.push('produced'));
    await isAnswered(other);
    answers.push('other');
    await produced;
    expect(answers).toEqual(['other', 'produced']);
  });
});
