import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { FrameSplitter } from '../../src/wire/frame-splitter';
import { WireReader } from '../../src/wire/wire-reader';

/** A client that can send any bytes: valid requests or garbage. */
export class RawClient {
  private readonly frames = new FrameSplitter(16 * 1024 * 1024);
  private readonly waiting: ((frame: Buffer) => void)[] = [];
  /** Resolves when the broker or the client closes the connection. */
  readonly closed: Promise<void>;

  private constructor(private readonly socket: Socket) {
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      for (const frame of this.frames.push(chunk)) this.waiting.shift()?.(frame);
    });
  }

  static connect(broker: string): Promise<RawClient> {
    const [host, port] = broker.split(':') as [string, string];
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), host, () => resolve(new RawClient(socket)));
      socket.once('error', reject);
    });
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends a request; resolves to its response's body. Rejects when the connection closes first. */
  request(apiKey: number, version: number, body: Buffer): Promise<WireReader> {
    const correlationId = 7;
    const frame = Buffer.alloc(14 + body.length);
    frame.writeInt32BE(10 + body.length, 0);
    frame.writeInt16BE(apiKey, 4);
    frame.writeInt16BE(version, 6);
    frame.writeInt32BE(correlationId, 8);
    frame.writeInt16BE(-1, 12);
    body.copy(frame, 14);
    const answer = new Promise<WireReader>((resolve, reject) => {
      this.waiting.push((response) => resolve(new WireReader(response, 4)));
      this.closed.then(() => reject(new Error('The broker closed the connection.')), reject);
    });
    this.send(frame);
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }
}
