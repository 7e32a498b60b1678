import ipaddr from 'ipaddr.js';

/** The IPv6 range of the public internet. Parts of the rest embed IPv4 addresses in obsolete forms. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an address belongs to the public internet. Rejects everything else: loopback, private and link-local addresses,
 * metadata services of clouds, and IPv6 forms that embed an IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GLOBAL_UNICAST);
}
