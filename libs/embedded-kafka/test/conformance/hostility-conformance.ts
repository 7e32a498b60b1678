import type { Conformance } from './broker-under-test';

/** A frame of the announced length whose body ends in the middle of a field. */
function truncatedMetadataRequest(): Buffer {
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + 6, 0);
  header.writeInt16BE(3, 4);
  header.writeInt16BE(4, 6);
  header.writeInt16BE(-1, 12);
  return Buffer.concat([header, Buffer.from([0, 0, 0, 9, 0, 200])]);
}

const attacks: readonly (readonly [string, Buffer])[] = [
  ['garbage', Buffer.from(Array.from({ length: 400 }, (_, at) => (at * 7 + 131) % 256))],
  ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: broker\r\n\r\n')],
  ['an oversized frame', Buffer.from([0x7f, 0xff, 0xff, 0xff, 0, 3, 0, 0])],
  ['a negative length', Buffer.from([0xff, 0xff, 0xff, 0x00])],
  ['a truncated request', truncatedMetadataRequest()],
  ['an unknown request', Buffer.from([0, 0, 0, 10, 0x7f, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff])],
];

export function describeHostility({ clients }: Conformance): void {
  it.each(attacks)('closes the connection that sends %s, and affects no other client', async (_, bytes) => {
    const topic = await clients().topic();
    const producer = await clients().producer();
    await producer.send({ topic, messages: [{ value: 'before' }] });
    const attacker = await clients().raw();
    attacker.send(bytes);
    await attacker.closed;
    const [sent] = await producer.send({ topic, messages: [{ value: 'after' }] });
    expect(sent).toMatchObject({ errorCode: 0, baseOffset: '1' });
  });

  it('keeps working when a client disconnects in the middle of a request', async () => {
    const topic = await clients().topic();
    const producer = await clients().producer();
    const attacker = await clients().raw();
    attacker.send(truncatedMetadataRequest().subarray(0, 11));
    attacker.close();
    await attacker.closed;
    await expect(producer.send({ topic, messages: [{ value: 'after' }] })).resolves.toHaveLength(1);
  });
}
