import { randomUUID } from 'node:crypto';
import type { Conformance } from './broker-under-test';
import { ChildProcess } from './child-process';
import { waitUntil } from '@palinode/testing-support/wait-until';
import { RecordingConsumer } from './recording-consumer';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));
const inOrder = (values: Iterable<string>): string[] => [...new Set(values)].toSorted((a, b) => Number(a) - Number(b));

export function describeGroups({ broker, clients }: Conformance): void {
  it('shares the partitions among two members without losing a message', async () => {
    const topic = await clients().topic(4);
    const groupId = randomUUID();
    const producer = await clients().producer();
    const first = await RecordingConsumer.start(clients(), topic, { groupId });
    await first.isAssigned(4);
    const sending = (async () => {
      for (const value of numbers(200)) await producer.send({ topic, messages: [{ key: value, value }] });
    })();
    const second = await RecordingConsumer.start(clients(), topic, { groupId });
    await Promise.all([first.isAssigned(2), second.isAssigned(2), sending]);
    expect([...first.partitions, ...second.partitions].toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3]);
    const received = (): string[] => inOrder([...first.values, ...second.values]);
    await waitUntil('all messages to arrive', () => received().length === 200);
    expect(received()).toEqual(numbers(200));
  });

  it('gives a leaving member’s partitions to the others', async () => {
    const topic = await clients().topic(4);
    const groupId = randomUUID();
    const first = await RecordingConsumer.start(clients(), topic, { groupId });
    const second = await RecordingConsumer.start(clients(), topic, { groupId });
    await Promise.all([first.isAssigned(2), second.isAssigned(2)]);
    await first.stop();
    await second.isAssigned(4);
  });

  it('gives a killed member’s partitions to the others after its session timeout', async () => {
    const topic = await clients().topic(2);
    const groupId = randomUUID();
    const survivor = await RecordingConsumer.start(clients(), topic, { groupId });
    const doomed = ChildProcess.start('test/conformance/doomed-member.ts', [broker().brokers[0]!, groupId, topic]);
    try {
      await doomed.firstLine();
      await survivor.isAssigned(1);
    } finally {
      await doomed.kill9();
    }
    const producer = await clients().producer();
    await producer.send({ topic, messages: [0, 1].map((partition) => ({ partition, value: String(partition) })) });
    await survivor.isAssigned(2);
    await waitUntil('both partitions to be read', () => inOrder(survivor.values).length === 2);
  });

  it('describes, lists and deletes groups', async () => {
    const topic = await clients().topic(2);
    const groupId = randomUUID();
    const admin = await clients().admin();
    const producer = await clients().producer();
    await producer.send({ topic, messages: [{ value: 'v' }] });
    const consumer = await RecordingConsumer.start(clients(), topic, { groupId });
    await consumer.hasReceived(1);
    expect((await admin.listGroups()).groups).toContainEqual(
      expect.objectContaining({ groupId, protocolType: 'consumer' }),
    );
    const stable = (await admin.describeGroups([groupId])).groups[0]!;
    expect(stable).toMatchObject({ state: 'Stable', protocolType: 'consumer' });
    expect(stable.members.map(({ clientId }) => clientId)).toEqual(['conformance']);
    await expect(admin.deleteGroups([groupId])).rejects.toThrow();
    await consumer.stop();
    await waitUntil('the group to be empty', async () => {
      const { groups } = await admin.describeGroups([groupId]);
      return groups[0]!.state === 'Empty';
    });
    await admin.deleteGroups([groupId]);
    expect((await admin.listGroups()).groups.map((group) => group.groupId)).not.toContain(groupId);
  });
}
