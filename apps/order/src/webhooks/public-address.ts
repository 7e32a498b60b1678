import ipaddr from 'ipaddr.js';

/** What is in use of IPv6 for the public internet; some of the rest stands for IPv4 addresses in forms of old. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet. Everything else is refused, whatever it is for: loopback, private and
 * link-local addresses, the metadata services of clouds, and IPv6 forms that stand for an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GLOBAL_UNICAST);
}
