import { AssignerProtocol, type Kafka, type MemberDescription } from 'kafkajs';
import type { GroupProgress, MemberProgress } from '../transport';
import { reporterIn } from './group-member';

/** Few and quick tries: somebody waits for the answer, and a broker that is away has other ways to be noticed. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 300, retries: 1 };

/** Asks the broker how far a consumer group has come in one topic. Rejects when it does not answer or denies access. */
export async function groupProgress(kafka: Kafka, group: string, topic: string): Promise<GroupProgress> {
  const admin = kafka.admin({ retry: RETRY });
  try {
    await admin.connect();
    const [described, committed, offsets] = await Promise.all([
      admin.describeGroups([group]),
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
      admin.fetchTopicOffsets(topic),
    ]);
    const next = new Map(
      committed.flatMap(({ partitions }) => partitions.map((each) => [each.partition, each.offset])),
    );
    const lags = new Map(
      offsets.map(({ partition, low, high }) => {
        // -1: nothing is committed, so it begins with the first message that the topic still has.
        const position = Math.max(Number(next.get(partition) ?? -1), Number(low));
        return [partition, Math.max(0, Number(high) - position)];
      }),
    );
    const members = described.groups.flatMap((each) => each.members);
    const instances = members.flatMap((member) => progressOfMember(member, topic, lags) ?? []);
    return { members: members.length, lag: sumOf([...lags.values()]), instances };
  } finally {
    await admin.disconnect();
  }
}

/** Undefined for a member that reads other topics only. */
function progressOfMember(
  { memberId, clientHost, memberMetadata, memberAssignment }: MemberDescription,
  topic: string,
  lags: ReadonlyMap<number, number>,
): MemberProgress | undefined {
  const assigned = memberAssignment.length === 0 ? null : AssignerProtocol.MemberAssignment.decode(memberAssignment);
  const partitions = (assigned?.assignment[topic] ?? []).toSorted((a, b) => a - b);
  if (partitions.length === 0) return undefined;
  const { name, build } = reporterIn(memberMetadata);
  const lag = sumOf(partitions.map((partition) => lags.get(partition) ?? 0));
  return { id: memberId, name, build, host: clientHost.replace(/^\//, ''), partitions, lag };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);
