import type { GroupMember } from './group-member';

/** The protocols that every member supports. */
export function commonProtocols(members: readonly GroupMember[]): string[] {
  const [first, ...others] = members;
  return (first?.protocols ?? [])
    .map((protocol) => protocol.name)
    .filter((name) => others.every((member) => member.protocols.some((protocol) => protocol.name === name)));
}

/** The protocol that most members prefer, among those that all support. */
export function chooseProtocol(members: readonly GroupMember[]): string {
  const common = commonProtocols(members);
  const votes = new Map<string, number>();
  for (const member of members) {
    const preferred = member.protocols.find((protocol) => common.includes(protocol.name))!.name;
    votes.set(preferred, (votes.get(preferred) ?? 0) + 1);
  }
  return common.toSorted((left, right) => (votes.get(right) ?? 0) - (votes.get(left) ?? 0))[0]!;
}
