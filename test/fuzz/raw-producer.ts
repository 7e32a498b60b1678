/* A producer that sends arbitrary bytes, which a client library would reject. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const PRODUCE = 0;
const VERSION = 7;
const ANSWER_WITHIN_MS = 60_000;

/** The broker's response: 0 for an accepted batch, one of Kafka's error codes, or a closed connection. */
export type Answer = number | 'connection ended';

/** One connection with one batch in flight at a time. It reconnects when the broker has closed it. */
export class RawProducer {
  private socket: Socket | undefined;

  constructor(private readonly broker: string) {}

  async produce(topic: string, partition: number, batch: Buffer): Promise<Answer> {
    const socket = await this.connected();
    const answer = frameFrom(socket);
    socket.write(produceRequest(topic, partition, batch));
    const frame = await answer;
    return frame === undefined ? 'connection ended' : errorCodeIn(frame);
  }

  close(): void {
    this.socket?.destroy();
  }

  private async connected(): Promise<Socket> {
    if (this.socket?.writable) return this.socket;
    const [host, port] = this.broker.split(':');
    const socket = connect(Number(port), host ?? '');
    socket.setTimeout(ANSWER_WITHIN_MS, () => socket.destroy());
    // A failed connection also closes, which is the result.
    socket.on('error', () => undefined);
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    this.socket = socket;
    return socket;
  }
}

/** Undefined when the connection closes before there is a whole frame. */
function frameFrom(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const done = (frame: Buffer | undefined): void => {
      socket.off('data', take).off('close', closed);
      resolve(frame);
    };
    const closed = (): void => done(undefined);
    const take = (chunk: Buffer): void => {
      received = Buffer.concat([received, chunk]);
      if (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) done(received.subarray(4));
    };
    socket.on('data', take).once('close', closed);
    if (socket.destroyed) closed();
  });
}

function produceRequest(topic: string, partition: number, batch: Buffer): Buffer {
  const body = Buffer.concat([
    int16(PRODUCE),
    int16(VERSION),
    int32(1),
    string('fuzz'),
    int16(-1),
    int16(-1),
    int32(ANSWER_WITHIN_MS),
    int32(1),
    string(topic),
    int32(1),
    int32(partition),
    int32(batch.length),
    batch,
  ]);
  return Buffer.concat([int32(body.length), body]);
}

/**
 * The error code of the response's only partition: after the correlation id, the topic's name and the partition's
 * number.
 */
function errorCodeIn(frame: Buffer): number {
  const topicAt = 4 + 4;
  const partitionsAt = topicAt + 2 + frame.readInt16BE(topicAt);
  return frame.readInt16BE(partitionsAt + 4 + 4);
}

function string(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([int16(bytes.length), bytes]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
