import type { Alarm, Clock } from '../clock';
import { ErrorCode } from '../wire/error-code';
import { hasSameProtocols, metadataFor, newMember, refusedJoin } from './group-member';
import type { GroupMember, JoinAnswer, JoinRequest, SyncAnswer } from './group-member';
import { chooseProtocol, commonProtocols } from './protocol-choice';

/**
 * Empty: no members. PreparingRebalance: members must rejoin; ends when all have, or at the deadline.
 * CompletingRebalance: all know the generation and wait for the leader's assignment. Stable: all have their assignment.
 */
export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable';

const noBytes = Buffer.alloc(0);

/**
 * The membership of one consumer group, kept in memory: after a restart of the broker its members rejoin.
 *
 * G1. A member without a heartbeat for its session timeout is removed, except while one of its requests waits here.
 * G2. A member that has not rejoined, or has not synced, by the rebalance's deadline is removed.
 * G3. Every request that waits here is answered exactly once, unless its connection closes first.
 */
export class Group {
  state: GroupState = 'Empty';
  generation = 0;
  protocolType = '';
  protocolName = '';
  leader = '';
  readonly members = new Map<string, GroupMember>();
  private deadline: Alarm | undefined;

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    private readonly onRebalance: (group: Group) => void,
  ) {}

  /**
   * Calls `answer` once: immediately with an error, or when the rebalance has completed. Returns the id of the member
   * whose answer may have to wait.
   */
  join(request: JoinRequest, answer: (answer: JoinAnswer) => void): string | undefined {
    const known = this.members.get(request.memberId);
    const refusal = this.joinRefusal(request);
    if (refusal !== ErrorCode.none) {
      answer(refusedJoin(request, refusal));
      return undefined;
    }
    if (known && this.mayKeepGeneration(known, request)) {
      this.restartSession(known);
      answer(this.joinAnswerFor(known));
      return undefined;
    }
    const member = known ?? this.admit(request);
    this.waitForOthers(member, request, answer);
    return member.id;
  }

  sync(
    memberId: string,
    generation: number,
    assignments: ReadonlyMap<string, Buffer>,
    answer: (answer: SyncAnswer) => void,
  ): void {
    const error = this.refusalOf(memberId, generation);
    if (error !== ErrorCode.none) return answer({ error, assignment: noBytes });
    const member = this.members.get(memberId)!;
    if (this.state === 'Stable') {
      this.restartSession(member);
      return answer({ error: ErrorCode.none, assignment: member.assignment });
    }
    member.sync?.({ error: ErrorCode.rebalanceInProgress, assignment: noBytes });
    member.sync = answer;
    member.session?.cancel();
    if (memberId === this.leader) this.assign(assignments);
  }

  heartbeat(memberId: string, generation: number): ErrorCode {
    const error = this.refusalOf(memberId, generation);
    const member = this.members.get(memberId);
    if (member && (error === ErrorCode.none || error === ErrorCode.rebalanceInProgress)) this.restartSession(member);
    return error;
  }

  /** A static member may be identified by its instance id alone. */
  leave(memberId: string, groupInstanceId: string | null = null): ErrorCode {
    const member = this.members.get(memberId) ?? (memberId === '' ? this.staticMember(groupInstanceId) : undefined);
    if (!member) return ErrorCode.unknownMemberId;
    this.remove(member);
    return ErrorCode.none;
  }

  /** Why a commit from this member is rejected, or `none`. Commits from outside the group have a generation below 0. */
  commitRefusal(memberId: string, generation: number): ErrorCode {
    if (generation < 0 && this.state === 'Empty') return ErrorCode.none;
    const error = this.refusalOf(memberId, generation);
    if (this.state === 'CompletingRebalance' && error === ErrorCode.none) return ErrorCode.rebalanceInProgress;
    // Members of the old generation commit their progress before they rejoin.
    return error === ErrorCode.rebalanceInProgress ? ErrorCode.none : error;
  }

  /**
   * Handles a connection that closed while its JoinGroup waited. A new member is removed, because its client never
   * received its id.
   */
  abandonJoin(memberId: string, wasNew: boolean): void {
    const member = this.members.get(memberId);
    if (!member?.join) return;
    member.join = undefined;
    if (wasNew) this.remove(member);
    else this.restartSession(member);
  }

  /** Whether the rebalance waits for a client with that id. Several clients may share an id. */
  isAwaiting(clientId: string): boolean {
    if (this.state !== 'PreparingRebalance') return false;
    for (const member of this.members.values()) if (member.clientId === clientId && !member.join) return true;
    return false;
  }

  close(): void {
    this.deadline?.cancel();
    for (const member of this.members.values()) {
      member.session?.cancel();
      this.dismiss(member, ErrorCode.unknownMemberId);
    }
    this.members.clear();
  }

  private refusalOf(memberId: string, generation: number): ErrorCode {
    if (!this.members.has(memberId)) return ErrorCode.unknownMemberId;
    if (generation !== this.generation) return ErrorCode.illegalGeneration;
    return this.state === 'PreparingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none;
  }

  private waitForOthers(member: GroupMember, request: JoinRequest, answer: (answer: JoinAnswer) => void): void {
    Object.assign(member, {
      protocols: request.protocols,
      sessionTimeoutMs: request.sessionTimeoutMs,
      rebalanceTimeoutMs: request.rebalanceTimeoutMs,
    });
    member.join?.(refusedJoin(request, ErrorCode.rebalanceInProgress));
    member.join = answer;
    member.session?.cancel();
    this.protocolType = request.protocolType;
    if (this.state === 'PreparingRebalance') this.completeWhenAllJoined();
    else this.prepareRebalance();
  }

  private joinRefusal(request: JoinRequest): ErrorCode {
    if (request.memberId !== '' && !this.members.has(request.memberId)) return ErrorCode.unknownMemberId;
    return this.suits(request) ? ErrorCode.none : ErrorCode.inconsistentGroupProtocol;
  }

  private staticMember(groupInstanceId: string | null): GroupMember | undefined {
    if (groupInstanceId === null) return undefined;
    return [...this.members.values()].find((member) => member.groupInstanceId === groupInstanceId);
  }

  private suits(request: JoinRequest): boolean {
    const others = [...this.members.values()].filter((member) => member.id !== request.memberId);
    if (request.protocols.length === 0) return false;
    if (others.length === 0) return true;
    const common = commonProtocols(others);
    return (
      request.protocolType === this.protocolType && request.protocols.some((protocol) => common.includes(protocol.name))
    );
  }

  /**
   * A follower that rejoins unchanged, or any member whose response was lost, gets the present generation without a
   * rebalance.
   */
  private mayKeepGeneration(member: GroupMember, request: JoinRequest): boolean {
    if (!hasSameProtocols(member, request.protocols)) return false;
    return this.state === 'CompletingRebalance' || (this.state === 'Stable' && member.id !== this.leader);
  }

  private admit(request: JoinRequest): GroupMember {
    // A restarted static member replaces its former self.
    const former = this.staticMember(request.groupInstanceId);
    if (former) this.forget(former);
    const member = newMember(request);
    this.members.set(member.id, member);
    return member;
  }

  private prepareRebalance(): void {
    this.state = 'PreparingRebalance';
    for (const member of this.members.values()) {
      if (!member.sync) continue;
      this.answerSync(member, ErrorCode.rebalanceInProgress);
      this.restartSession(member);
    }
    this.expectWithinRebalance(() => this.completeRebalance());
    this.onRebalance(this);
    this.completeWhenAllJoined();
  }

  private completeWhenAllJoined(): void {
    for (const member of this.members.values()) if (!member.join) return;
    this.completeRebalance();
  }

  private completeRebalance(): void {
    this.deadline?.cancel();
    for (const member of this.members.values()) if (!member.join) this.forget(member);
    this.generation++;
    if (this.members.size === 0) {
      this.state = 'Empty';
      return;
    }
    this.state = 'CompletingRebalance';
    this.protocolName = chooseProtocol([...this.members.values()]);
    if (!this.members.has(this.leader)) this.leader = this.members.keys().next().value!;
    for (const member of this.members.values()) {
      const { join } = member;
      member.join = undefined;
      member.assignment = noBytes;
      this.restartSession(member);
      join?.(this.joinAnswerFor(member));
    }
    this.expectWithinRebalance(() => this.removeUnsynced());
  }

  private removeUnsynced(): void {
    for (const member of this.members.values()) if (!member.sync) this.forget(member);
    this.prepareRebalance();
  }

  private assign(assignments: ReadonlyMap<string, Buffer>): void {
    this.deadline?.cancel();
    this.state = 'Stable';
    for (const member of this.members.values()) member.assignment = assignments.get(member.id) ?? noBytes;
    for (const member of this.members.values()) {
      if (!member.sync) continue;
      this.answerSync(member, ErrorCode.none);
      this.restartSession(member);
    }
  }

  private remove(member: GroupMember): void {
    this.forget(member);
    if (this.state === 'PreparingRebalance') this.completeWhenAllJoined();
    else this.prepareRebalance();
  }

  private forget(member: GroupMember): void {
    member.session?.cancel();
    this.members.delete(member.id);
    this.dismiss(member, ErrorCode.unknownMemberId);
  }

  private dismiss(member: GroupMember, error: ErrorCode): void {
    const { join } = member;
    member.join = undefined;
    join?.({ error, generation: -1, protocolType: '', protocolName: '', leader: '', memberId: member.id, members: [] });
    this.answerSync(member, error);
  }

  private answerSync(member: GroupMember, error: ErrorCode): void {
    const { sync } = member;
    member.sync = undefined;
    sync?.({ error, assignment: error === ErrorCode.none ? member.assignment : noBytes });
  }

  private restartSession(member: GroupMember): void {
    member.session?.cancel();
    if (member.join || member.sync) return;
    member.session = this.clock.after(member.sessionTimeoutMs, () => this.remove(member));
  }

  private expectWithinRebalance(otherwise: () => void): void {
    this.deadline?.cancel();
    const longestMs = Math.max(0, ...[...this.members.values()].map((member) => member.rebalanceTimeoutMs));
    this.deadline = this.clock.after(longestMs, otherwise);
  }

  private joinAnswerFor(member: GroupMember): JoinAnswer {
    const isLeader = member.id === this.leader;
    return {
      error: ErrorCode.none,
      generation: this.generation,
      protocolType: this.protocolType,
      protocolName: this.protocolName,
      leader: this.leader,
      memberId: member.id,
      members: isLeader
        ? [...this.members.values()].map((each) => ({
            id: each.id,
            groupInstanceId: each.groupInstanceId,
            metadata: metadataFor(each, this.protocolName),
          }))
        : [],
    };
  }
}
