import type { Clock } from '../clock';
import { ErrorCode } from '../wire/error-code';
import type { CommittedOffsets } from './committed-offsets';
import { Group } from './group';

/** All groups that have members or committed offsets. */
export class GroupRegistry {
  private readonly groups = new Map<string, Group>();
  private readonly rebalanceListeners = new Set<(group: Group) => void>();

  constructor(
    private readonly offsets: CommittedOffsets,
    private readonly clock: Clock,
  ) {}

  /** Calls back with a group whenever its members are asked to join again. */
  onRebalance(listener: (group: Group) => void): void {
    this.rebalanceListeners.add(listener);
  }

  get(name: string): Group | undefined {
    const group = this.groups.get(name);
    return group ?? (this.offsets.has(name) ? this.obtain(name) : undefined);
  }

  /** The group, made when there is none. */
  obtain(name: string): Group {
    let group = this.groups.get(name);
    if (!group) {
      group = new Group(name, this.clock, (rebalancing) => {
        for (const listener of this.rebalanceListeners) listener(rebalancing);
      });
      this.groups.set(name, group);
    }
    return group;
  }

  all(): Group[] {
    for (const name of this.offsets.names()) this.obtain(name);
    return [...this.groups.values()];
  }

  /** Whether any group waits for a client of that id to join again. */
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

  close(): void {
    for (const group of this.groups.values()) group.close();
  }
}
