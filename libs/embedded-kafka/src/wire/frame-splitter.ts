import { MalformedRequestError } from './malformed-request-error';

const lengthBytes = 4;
const leastCapacityBytes = 4096;

/** Splits a socket's data into frames. A frame inside one chunk is a view; only a frame that spans chunks is copied. */
export class FrameSplitter {
  /** The start of an incomplete frame. */
  private unfinished = Buffer.alloc(0);
  private unfinishedBytes = 0;
  private neededBytes = lengthBytes;

  constructor(private readonly maxFrameBytes: number) {}

  /** The memory of an incomplete frame: at most twice the bytes received of it; 0 when there is none. */
  get heldBytes(): number {
    return this.unfinished.length;
  }

  /**
   * The frames that this chunk completes, without their length field. Throws when a frame announces more than the
   * limit.
   */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = [];
    let position = 0;
    while (this.unfinishedBytes > 0 && position < chunk.length) position += this.continueFrame(chunk, position, frames);
    this.split(chunk, position, frames);
    return frames;
  }

  /** Adds the chunk's part of the incomplete frame to it. Returns its length. */
  private continueFrame(chunk: Buffer, position: number, frames: Buffer[]): number {
    const taken = Math.min(this.neededBytes - this.unfinishedBytes, chunk.length - position);
    this.keep(chunk.subarray(position, position + taken));
    if (this.neededBytes === lengthBytes && this.unfinishedBytes === lengthBytes) {
      this.neededBytes += this.checked(this.unfinished.readInt32BE(0));
    }
    if (this.unfinishedBytes === this.neededBytes) {
      frames.push(this.unfinished.subarray(lengthBytes, this.neededBytes));
      this.unfinished = Buffer.alloc(0);
      this.unfinishedBytes = 0;
      this.neededBytes = lengthBytes;
    }
    return taken;
  }

  private split(chunk: Buffer, from: number, frames: Buffer[]): void {
    let position = from;
    while (chunk.length - position >= lengthBytes) {
      const end = position + lengthBytes + this.checked(chunk.readInt32BE(position));
      if (end > chunk.length) {
        this.neededBytes = end - position;
        break;
      }
      frames.push(chunk.subarray(position + lengthBytes, end));
      position = end;
    }
    if (position < chunk.length) this.keep(chunk.subarray(position));
  }

  private keep(bytes: Buffer): void {
    const keptBytes = this.unfinishedBytes + bytes.length;
    if (keptBytes > this.unfinished.length) {
      // The buffer grows with the received bytes; an announced length alone allocates nothing.
      const roomy = Math.max(leastCapacityBytes, keptBytes * 2);
      const capacity = this.neededBytes > lengthBytes ? Math.min(this.neededBytes, roomy) : leastCapacityBytes;
      const larger = Buffer.allocUnsafeSlow(capacity);
      this.unfinished.copy(larger, 0, 0, this.unfinishedBytes);
      this.unfinished = larger;
    }
    bytes.copy(this.unfinished, this.unfinishedBytes);
    this.unfinishedBytes = keptBytes;
  }

  private checked(frameBytes: number): number {
    if (frameBytes < 0 || frameBytes > this.maxFrameBytes) {
      throw new MalformedRequestError(`A frame announces ${frameBytes} bytes; the limit is ${this.maxFrameBytes}.`);
    }
    return frameBytes;
  }
}
