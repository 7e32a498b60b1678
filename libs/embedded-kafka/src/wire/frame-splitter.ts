import { MalformedRequestError } from './malformed-request-error';

const lengthBytes = 4;

/** Cuts what a socket delivers into frames. A frame inside one chunk is a view; only one that spans chunks is copied. */
export class FrameSplitter {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private neededBytes = lengthBytes;

  constructor(private readonly maxFrameBytes: number) {}

  /** The frames that this chunk completes, without their length. Throws when a frame announces more than the limit. */
  push(chunk: Buffer): Buffer[] {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    // Nothing is allocated for what a frame only announces: its bytes are gathered as they come.
    if (this.waitingBytes < this.neededBytes) return [];
    return this.split(this.waiting.length === 1 ? chunk : Buffer.concat(this.waiting, this.waitingBytes));
  }

  private split(bytes: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let position = 0;
    this.neededBytes = lengthBytes;
    while (bytes.length - position >= lengthBytes) {
      const frameBytes = this.checked(bytes.readInt32BE(position));
      if (bytes.length - position < lengthBytes + frameBytes) {
        this.neededBytes = lengthBytes + frameBytes;
        break;
      }
      frames.push(bytes.subarray(position + lengthBytes, position + lengthBytes + frameBytes));
      position += lengthBytes + frameBytes;
    }
    this.waiting = position < bytes.length ? [bytes.subarray(position)] : [];
    this.waitingBytes = bytes.length - position;
    return frames;
  }

  private checked(frameBytes: number): number {
    if (frameBytes < 0 || frameBytes > this.maxFrameBytes) {
      throw new MalformedRequestError(`A frame announces ${frameBytes} bytes; the limit is ${this.maxFrameBytes}.`);
    }
    return frameBytes;
  }
}
