import { WireWriter } from '../../src/wire/wire-writer';

const frameHeaderBytes = 8;

/** The body of a request, written with the broker's own writer, without the frame header. */
export function requestBody(write: (body: WireWriter) => void): Buffer {
  const writer = new WireWriter(0);
  write(writer);
  return Buffer.concat(writer.finish()).subarray(frameHeaderBytes);
}
