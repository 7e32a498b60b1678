import { randomUUID } from 'node:crypto';
import type { Alarm } from '../clock';
import type { ErrorCode } from '../wire/error-code';

export interface MemberProtocol {
  readonly name: string;
  readonly metadata: Buffer;
}

export interface JoinRequest {
  /** Empty for a member that joins for the first time. */
  readonly memberId: string;
  /** The id of a static member, which stays the same over its restarts; null for others. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly protocolType: string;
  readonly protocols: readonly MemberProtocol[];
}

export interface JoinedMember {
  readonly id: string;
  readonly groupInstanceId: string | null;
  readonly metadata: Buffer;
}

export interface JoinAnswer {
  readonly error: ErrorCode;
  readonly generation: number;
  readonly protocolType: string;
  readonly protocolName: string;
  readonly leader: string;
  readonly memberId: string;
  /** The members with their metadata; only the leader receives them. */
  readonly members: readonly JoinedMember[];
}

export interface SyncAnswer {
  readonly error: ErrorCode;
  readonly assignment: Buffer;
}

/** The coordinator's record of one consumer of a group. */
export interface GroupMember {
  readonly id: string;
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly clientHost: string;
  sessionTimeoutMs: number;
  rebalanceTimeoutMs: number;
  protocols: readonly MemberProtocol[];
  assignment: Buffer;
  /** Set while its JoinGroup waits for the others. */
  join: ((answer: JoinAnswer) => void) | undefined;
  /** Set while its SyncGroup waits for the leader. */
  sync: ((answer: SyncAnswer) => void) | undefined;
  /** Fires when the session timeout passes without a heartbeat; unset while one of the member's requests waits here. */
  session: Alarm | undefined;
}

/** A member id must not be longer than a client id may be. */
const longestClientIdInMemberId = 255;

export function newMember(request: JoinRequest): GroupMember {
  const { groupInstanceId, clientId, clientHost, sessionTimeoutMs, rebalanceTimeoutMs, protocols } = request;
  return {
    id: `${clientId.slice(0, longestClientIdInMemberId)}-${randomUUID()}`,
    groupInstanceId,
    clientId,
    clientHost,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    protocols,
    assignment: Buffer.alloc(0),
    join: undefined,
    sync: undefined,
    session: undefined,
  };
}

export function refusedJoin({ memberId, protocolType }: JoinRequest, error: ErrorCode): JoinAnswer {
  return { error, generation: -1, protocolType, protocolName: '', leader: '', memberId, members: [] };
}

export function metadataFor(member: GroupMember, protocolName: string): Buffer {
  return member.protocols.find((protocol) => protocol.name === protocolName)?.metadata ?? Buffer.alloc(0);
}

/** The approximate memory of a member. */
export function memberBytes({ protocols, assignment }: GroupMember): number {
  return assignment.length + metadataBytes(protocols);
}

export function metadataBytes(protocols: readonly MemberProtocol[]): number {
  return protocols.reduce((sum, { name, metadata }) => sum + name.length + metadata.length, 0);
}

export function hasSameProtocols(member: GroupMember, protocols: readonly MemberProtocol[]): boolean {
  return (
    member.protocols.length === protocols.length &&
    member.protocols.every(
      (own, at) => own.name === protocols[at]!.name && own.metadata.equals(protocols[at]!.metadata),
    )
  );
}
