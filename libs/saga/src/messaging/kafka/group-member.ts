import { AssignerProtocol, type GroupMember as KafkajsMember } from 'kafkajs';

/** How many partitions topics have. */
export type PartitionCounts = ReadonlyMap<string, number>;

/** What the leader of a consumer group knows about each of its members. */
export interface GroupMember {
  readonly id: string;
  /** The topics that it subscribes to; members of two releases may differ. */
  readonly topics: readonly string[];
  /**
   * How many partitions of its topics it has seen; empty for another client, or a release that does not report this.
   */
  readonly partitions: PartitionCounts;
}

/** What a member says of itself: its host and process, and what it was built from. */
export interface Reporter {
  readonly name: string;
  readonly build?: string | undefined;
}

/**
 * The lowest version of Kafka's format: from version 1 on further fields must follow, which kafkajs does not write and
 * clients in other languages would miss.
 */
const FORMAT = 0;

/**
 * Encodes what a member subscribes to. It includes the counts of partitions, so that the broker rebalances the group
 * when any member sees new partitions and rejoins, also when the leader does not subscribe to their topic.
 */
export function encodeMember(topics: readonly string[], partitions: PartitionCounts, reporter?: Reporter): Buffer {
  const userData = Buffer.from(JSON.stringify({ partitions: Object.fromEntries(partitions), ...reporter }));
  return AssignerProtocol.MemberMetadata.encode({ version: FORMAT, topics: [...topics], userData });
}

export function decodeMember({ memberId, memberMetadata }: KafkajsMember): GroupMember {
  const decoded = AssignerProtocol.MemberMetadata.decode(memberMetadata);
  return { id: memberId, topics: decoded?.topics ?? [], partitions: partitionsIn(decoded?.userData) };
}

export function encodeAssignment(assignment: Readonly<Record<string, number[]>>): Buffer {
  return AssignerProtocol.MemberAssignment.encode({ version: FORMAT, assignment, userData: Buffer.alloc(0) });
}

/** What a member says of itself in its metadata; nothing of another client, or a release that does not report this. */
export function reporterIn(memberMetadata: Buffer): Partial<Reporter> {
  if (memberMetadata.length === 0) return {};
  const { name, build } = reportIn(AssignerProtocol.MemberMetadata.decode(memberMetadata)?.userData);
  return { ...(typeof name === 'string' && { name }), ...(typeof build === 'string' && { build }) };
}

/** Other clients have other user data, or none. */
function reportIn(userData: Buffer | null | undefined): { readonly [field: string]: unknown } {
  try {
    return (JSON.parse(String(userData)) as { readonly [field: string]: unknown } | null) ?? {};
  } catch {
    return {};
  }
}

function partitionsIn(userData: Buffer | null | undefined): PartitionCounts {
  const counts = reportIn(userData)['partitions'];
  if (typeof counts !== 'object' || counts === null) return new Map();
  return new Map(Object.entries(counts).filter((each): each is [string, number] => Number.isSafeInteger(each[1])));
}
