import type { Clock } from '../clock';
import { ErrorCode } from '../wire/error-code';
import type { CommittedOffsets } from './committed-offsets';
import { Group } from './group';
import { memberBytes } from './group-member';

/** The limits for all members of all groups together, so that clients that invent groups cannot exhaust the memory. */
const mostMembers = 10_000;
const mostMemberBytes = 64 * 1024 * 1024;

/** Empty groups are removed whenever the number of groups has doubled, but not below this number. */
const leastSweptGroups = 100;

/** All groups that have members or committed offsets. */
export class GroupRegistry {
  private readonly groups = new Map<string, Group>();
  private sweepAtGroups = leastSweptGroups;
  private readonly rebalanceListeners = new Set<(group: Group) => void>();

  constructor(
    private readonly offsets: CommittedOffsets,
    private readonly clock: Clock,
  ) {}

  /** Calls back with a group whenever it begins a rebalance. */
  onRebalance(listener: (group: Group) => void): void {
    this.rebalanceListeners.add(listener);
  }

  get(name: string): Group | undefined {
    const group = this.groups.get(name);
    return group ?? (this.offsets.has(name) ? this.obtain(name) : undefined);
  }

  /** Returns the group; creates it when it does not exist. */
  obtain(name: string): Group {
    let group = this.groups.get(name);
    if (!group) {
      this.forgetEmpty();
      group = new Group(name, this.clock, (rebalancing) => {
        for (const listener of this.rebalanceListeners) listener(rebalancing);
      });
      this.groups.set(name, group);
    }
    return group;
  }

  /** Whether a member with so many bytes of metadata may join. */
  hasRoomFor(metadataBytes: number): boolean {
    let members = 1;
    let bytes = metadataBytes;
    for (const group of this.groups.values()) {
      members += group.members.size;
      for (const member of group.members.values()) bytes += memberBytes(member);
    }
    return members <= mostMembers && bytes <= mostMemberBytes;
  }

  all(): Group[] {
    for (const name of this.offsets.names()) this.obtain(name);
    return [...this.groups.values()];
  }

  /** Whether a rebalance of any group waits for a client with that id. */
  isAwaiting(clientId: string): boolean {
    for (const group of this.groups.values()) if (group.isAwaiting(clientId)) return true;
    return false;
  }

  async delete(name: string): Promise<ErrorCode> {
    const group = this.get(name);
    if (!group) return ErrorCode.groupIdNotFound;
    if (group.state !== 'Empty') return ErrorCode.nonEmptyGroup;
    this.groups.delete(name);
    await this.offsets.deleteGroup(name);
    return ErrorCode.none;
  }

  /** Removes groups without members and offsets. Clients cannot distinguish them from groups that never existed. */
  private forgetEmpty(): void {
    if (this.groups.size < this.sweepAtGroups) return;
    for (const [name, group] of this.groups) {
      if (group.state === 'Empty' && !this.offsets.has(name)) this.groups.delete(name);
    }
    this.sweepAtGroups = Math.max(leastSweptGroups, this.groups.size * 2);
  }

  close(): void {
    for (const group of this.groups.values()) group.close();
  }
}
