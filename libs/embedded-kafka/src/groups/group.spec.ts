import { ManualClock } from '../../test/manual-clock';
import { ErrorCode } from '../wire/error-code';
import { Group } from './group';
import type { JoinAnswer, JoinRequest, SyncAnswer } from './group-member';

const sessionMs = 6000;
const rebalanceMs = 20_000;

describe('a consumer group', () => {
  let clock: ManualClock;
  let group: Group;
  let rebalances: number;

  beforeEach(() => {
    clock = new ManualClock();
    rebalances = 0;
    group = new Group('g', clock, () => rebalances++);
  });

  /** Sends a JoinGroup; the returned list receives its response. */
  function join(memberId = '', change: Partial<JoinRequest> = {}): JoinAnswer[] {
    const answers: JoinAnswer[] = [];
    const request: JoinRequest = {
      memberId,
      groupInstanceId: null,
      clientId: 'c',
      clientHost: '/127.0.0.1',
      sessionTimeoutMs: sessionMs,
      rebalanceTimeoutMs: rebalanceMs,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from('m') }],
      ...change,
    };
    group.join(request, (answer) => answers.push(answer));
    return answers;
  }

  function sync(memberId: string, assignments: Record<string, string> = {}): SyncAnswer[] {
    const answers: SyncAnswer[] = [];
    const given = new Map(Object.entries(assignments).map(([id, value]) => [id, Buffer.from(value)]));
    group.sync(memberId, group.generation, given, (answer) => answers.push(answer));
    return answers;
  }

  /** A stable group of two: its leader and its follower. */
  function ofTwo(): [string, string] {
    const leader = join()[0]!.memberId;
    sync(leader, {});
    const second = join();
    join(leader);
    const follower = second[0]!.memberId;
    sync(follower);
    sync(leader, { [leader]: 'one', [follower]: 'two' });
    return [leader, follower];
  }

  it('makes the first member its leader at once', () => {
    const [answer] = join();
    expect(answer).toMatchObject({ error: ErrorCode.none, generation: 1, protocolName: 'range' });
    expect(answer!.leader).toBe(answer!.memberId);
    expect(answer!.members).toHaveLength(1);
    expect(group.state).toBe('CompletingRebalance');
  });

  it('gives a client with the longest possible id a valid member id', () => {
    expect(join('', { clientId: 'c'.repeat(32_767) })[0]!.memberId.length).toBeLessThan(300);
  });

  it('waits for all members to rejoin, then for the leader’s assignment', () => {
    const leader = join()[0]!.memberId;
    sync(leader, {});
    const second = join();
    expect([second, group.state]).toEqual([[], 'PreparingRebalance']);
    expect(group.heartbeat(leader, 1)).toBe(ErrorCode.rebalanceInProgress);
    expect(join(leader)[0]).toMatchObject({ generation: 2, leader });
    const follower = second[0]!.memberId;
    expect(second[0]!.members).toEqual([]);
    const waiting = sync(follower);
    expect(waiting).toEqual([]);
    expect(sync(leader, { [follower]: 'yours' })[0]).toMatchObject({ error: ErrorCode.none });
    expect(waiting[0]!.assignment.toString()).toBe('yours');
    expect(group.state).toBe('Stable');
  });

  it('reports a rebalance, so that long polls can end', () => {
    ofTwo();
    const before = rebalances;
    join();
    expect(rebalances).toBe(before + 1);
  });

  it('removes a member without a heartbeat for its session timeout (G1)', () => {
    const [leader, follower] = ofTwo();
    clock.advance(sessionMs - 1);
    expect(group.heartbeat(leader, group.generation)).toBe(ErrorCode.none);
    clock.advance(2);
    expect([...group.members.keys()]).toEqual([leader]);
    expect(group.heartbeat(follower, group.generation)).toBe(ErrorCode.unknownMemberId);
    expect(group.heartbeat(leader, group.generation)).toBe(ErrorCode.rebalanceInProgress);
  });

  it('does not remove a member while its join is pending (G1)', () => {
    const [leader] = ofTwo();
    const answers = join(leader, { protocols: [{ name: 'range', metadata: Buffer.from('other topics') }] });
    clock.advance(sessionMs + 1);
    expect(answers[0]).toMatchObject({ error: ErrorCode.none, leader });
  });

  it('continues without members that have not rejoined by the deadline (G2)', () => {
    const [leader, follower] = ofTwo();
    const third = join();
    join(follower);
    for (let waited = 0; waited < rebalanceMs; waited += 5000) {
      group.heartbeat(leader, group.generation);
      clock.advance(5000);
    }
    expect(third[0]).toMatchObject({ error: ErrorCode.none, generation: 3 });
    expect(group.members.has(leader)).toBe(false);
  });

  it('requests a new assignment when the leader fails before it sent one (G2)', () => {
    const leader = join()[0]!.memberId;
    sync(leader, {});
    const second = join();
    join(leader);
    const follower = second[0]!.memberId;
    const waiting = sync(follower);
    clock.advance(sessionMs + 1);
    expect(waiting[0]).toMatchObject({ error: ErrorCode.rebalanceInProgress });
    expect(join(follower)[0]).toMatchObject({ error: ErrorCode.none, leader: follower });
  });

  it('redistributes a leaving member’s partitions at once', () => {
    const [leader, follower] = ofTwo();
    expect(group.leave(leader)).toBe(ErrorCode.none);
    expect(group.heartbeat(follower, group.generation)).toBe(ErrorCode.rebalanceInProgress);
    group.leave(follower);
    expect(group.state).toBe('Empty');
  });

  it('gives a restarted static member its former place', () => {
    const leader = join('', { groupInstanceId: 'one' })[0]!.memberId;
    sync(leader, {});
    const again = join('', { groupInstanceId: 'one' })[0]!;
    expect([again.error, again.members.map(({ id }) => id)]).toEqual([ErrorCode.none, [again.memberId]]);
    expect(again.memberId).not.toBe(leader);
    expect(group.heartbeat(leader, again.generation)).toBe(ErrorCode.unknownMemberId);
    expect(group.leave('', 'one')).toBe(ErrorCode.none);
    expect(group.state).toBe('Empty');
  });

  it('rejects unknown members, old generations and protocols that not all members support', () => {
    const [leader] = ofTwo();
    expect(join('stranger')[0]).toMatchObject({ error: ErrorCode.unknownMemberId });
    expect(group.heartbeat(leader, group.generation - 1)).toBe(ErrorCode.illegalGeneration);
    const foreign = [{ name: 'sticky', metadata: Buffer.alloc(0) }];
    expect(join('', { protocols: foreign })[0]).toMatchObject({ error: ErrorCode.inconsistentGroupProtocol });
    expect(join('', { protocolType: 'connect' })[0]).toMatchObject({ error: ErrorCode.inconsistentGroupProtocol });
  });

  it('accepts commits of its generation, and commits from outside while it is empty', () => {
    expect(group.commitRefusal('', -1)).toBe(ErrorCode.none);
    const [leader] = ofTwo();
    expect(group.commitRefusal('', -1)).toBe(ErrorCode.unknownMemberId);
    expect(group.commitRefusal(leader, group.generation)).toBe(ErrorCode.none);
    expect(group.commitRefusal(leader, group.generation - 1)).toBe(ErrorCode.illegalGeneration);
    join();
    expect(group.commitRefusal(leader, group.generation)).toBe(ErrorCode.none);
  });

  it('removes a new member whose connection closed before it received its id (G3)', () => {
    const [leader, follower] = ofTwo();
    let answer: JoinAnswer | undefined;
    const protocols = [{ name: 'range', metadata: Buffer.alloc(0) }];
    const times = { sessionTimeoutMs: sessionMs, rebalanceTimeoutMs: rebalanceMs };
    const who = { memberId: '', groupInstanceId: null, clientId: 'c', clientHost: '', protocolType: 'consumer' };
    const id = group.join({ ...who, ...times, protocols }, (given) => (answer = given));
    group.abandonJoin(id!, true);
    expect(group.members.has(id!)).toBe(false);
    expect(answer).toBeUndefined();
    join(leader);
    expect(join(follower)[0]).toMatchObject({ error: ErrorCode.none });
  });
});
