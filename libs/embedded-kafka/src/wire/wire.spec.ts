import { FrameSplitter } from './frame-splitter';
import { MalformedRequestError } from './malformed-request-error';
import { WireReader } from './wire-reader';
import { WireWriter } from './wire-writer';

const written = (write: (writer: WireWriter) => void): Buffer => {
  const writer = new WireWriter(5);
  write(writer);
  return Buffer.concat(writer.finish());
};

describe('the wire codec', () => {
  it('reads what it wrote, however often the buffer had to grow', () => {
    const texts = Array.from({ length: 300 }, (_, at) => `text ${at} é`);
    const frame = written((writer) => {
      writer
        .int8(-3)
        .boolean(true)
        .int16(-300)
        .int64(-1)
        .int64(2 ** 45 + 7);
      writer.nullableString(null).bytes(Buffer.from('raw'));
      writer.array(texts, (text) => writer.string(text));
    });
    expect(frame.readInt32BE(0)).toBe(frame.length - 4);
    const reader = new WireReader(frame, 4);
    expect(reader.int32()).toBe(5);
    expect([reader.int8(), reader.boolean(), reader.int16()]).toEqual([-3, true, -300]);
    expect([reader.int64(), reader.int64()]).toEqual([-1, 2 ** 45 + 7]);
    expect([reader.nullableString(), reader.bytes().toString()]).toEqual([null, 'raw']);
    expect(reader.array(() => reader.string())).toEqual(texts);
    expect(reader.remainingBytes).toBe(0);
  });

  it('keeps 64-bit numbers that clients choose exact, and never fails on one', () => {
    const numbers = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n, -1n];
    const frame = written((writer) => {
      for (const number of numbers) writer.bigint64(number);
      writer.int64(2 ** 63).int64(-(2 ** 70));
    });
    const reader = new WireReader(frame, 8);
    expect(numbers.map(() => reader.bigint64())).toEqual(numbers);
    expect([reader.bigint64(), reader.bigint64()]).toEqual([2n ** 63n - 1n, -(2n ** 63n)]);
  });

  it('rejects a response that would take too much memory', () => {
    const writer = new WireWriter(1);
    const text = 'x'.repeat(30_000);
    expect(() => writer.array(Array<string>(10_000).fill(text), (each) => writer.string(each))).toThrow('too large');
  });

  it('cuts a text that is longer than the protocol has room for', () => {
    const frame = written((writer) => writer.string('é'.repeat(40_000)).int8(7));
    const reader = new WireReader(frame, 8);
    expect([reader.string().length, reader.int8()]).toEqual([10_000, 7]);
  });

  it('reads what it wrote in flexible versions, and skips tagged fields', () => {
    const writer = new WireWriter(5, true);
    writer.tags().string('text').nullableString(null).bytes(Buffer.alloc(300, 1));
    writer.structs(['a', 'b'], (text) => writer.string(text)).array([], () => undefined);
    writer.uvarint(2).uvarint(0).uvarint(3).int8(1).int8(2).int8(3).uvarint(9).uvarint(0).int16(-5);
    const reader = new WireReader(Buffer.concat(writer.finish()), 8);
    reader.isFlexible = true;
    reader.tags();
    expect([reader.string(), reader.nullableString(), reader.bytes().length]).toEqual(['text', null, 300]);
    expect([reader.structs(() => reader.string()), reader.nullableArray(() => 1)]).toEqual([['a', 'b'], []]);
    reader.tags();
    expect([reader.int16(), reader.remainingBytes]).toEqual([-5, 0]);
  });

  it('rejects strings that other versions could not contain: too long ones, and those that are not UTF-8', () => {
    const long = new WireReader(
      written((writer) => writer.uvarint(40_001).records([Buffer.alloc(40_000, 65)])),
      8,
    );
    long.isFlexible = true;
    expect(() => long.string()).toThrow(MalformedRequestError);
    const notText = new WireReader(Buffer.from([0, 2, 0xc3, 0x28]));
    expect(() => notText.string()).toThrow(MalformedRequestError);
    expect(new WireReader(Buffer.from('\0\u0003\ufffd')).string()).toBe('\ufffd');
  });

  it.each([10, 100_000])('writes record batches of %i bytes unchanged', (size) => {
    const batches = [Buffer.alloc(size, 1), Buffer.alloc(size, 2)];
    const frame = written((writer) => writer.int16(9).records(batches).int16(8));
    const reader = new WireReader(frame, 8);
    expect(reader.int16()).toBe(9);
    expect(reader.bytes().equals(Buffer.concat(batches))).toBe(true);
    expect(reader.int16()).toBe(8);
    expect(frame.readInt32BE(0)).toBe(frame.length - 4);
  });

  it('rejects reads beyond the frame', () => {
    expect(() => new WireReader(Buffer.from([0, 9, 65])).string()).toThrow(MalformedRequestError);
    expect(() => new WireReader(Buffer.from([0, 0, 0])).int32()).toThrow(MalformedRequestError);
    const lyingCount = new WireReader(Buffer.from([0x7f, 0xff, 0xff, 0xff]));
    expect(() => lyingCount.array(() => lyingCount.int8())).toThrow(MalformedRequestError);
  });
});

describe('the frame splitter', () => {
  const frames = [Buffer.from('first'), Buffer.alloc(0), Buffer.alloc(3000, 7)];
  const stream = Buffer.concat(
    frames.flatMap((frame) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(frame.length);
      return [length, frame];
    }),
  );

  it.each([1, 3, 7, 1000, 5000])('finds the frames in chunks of %i bytes', (chunkBytes) => {
    const splitter = new FrameSplitter(5000);
    const found: Buffer[] = [];
    for (let at = 0; at < stream.length; at += chunkBytes) {
      found.push(...splitter.push(stream.subarray(at, at + chunkBytes)));
    }
    expect(found).toEqual(frames);
  });

  it('holds at most twice the received bytes of a frame, and nothing once it is complete', () => {
    const splitter = new FrameSplitter(100_000_000);
    const length = Buffer.alloc(4);
    length.writeInt32BE(60_000_000);
    splitter.push(length);
    expect(splitter.heldBytes).toBeLessThan(10_000);
    splitter.push(Buffer.alloc(1_000_000));
    expect(splitter.heldBytes).toBeLessThan(2_001_000);
    for (let come = 1_000_000; come < 59_000_000; come += 1_000_000) splitter.push(Buffer.alloc(1_000_000));
    const [frame, ...others] = splitter.push(Buffer.alloc(1_000_000));
    expect([frame!.length, others, splitter.heldBytes]).toEqual([60_000_000, [], 0]);
  });

  it('rejects a frame above the limit as soon as it is announced', () => {
    const splitter = new FrameSplitter(100);
    expect(() => splitter.push(Buffer.from([0, 0, 0, 101]))).toThrow(MalformedRequestError);
  });
});
