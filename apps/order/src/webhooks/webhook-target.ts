import { isIP } from 'node:net';
import { isPublicAddress } from './public-address';

export interface TargetRules {
  /** `hooks.example.com`, `*.example.com` for every name under it, or `*`. */
  readonly hosts: readonly string[];
  /** For development: plain HTTP, and addresses that are not public. */
  readonly privateTargets: boolean;
}

const MOST_CHARACTERS = 2_048;

/** What keeps a URL from being a webhook's target; undefined when nothing does. Where its name leads is seen at each call. */
export function objectionTo(text: string, { hosts, privateTargets }: TargetRules): string | undefined {
  if (text.length > MOST_CHARACTERS) return `must have at most ${MOST_CHARACTERS} characters`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schemes = privateTargets ? ['https:', 'http:'] : ['https:'];
  if (url === undefined || !schemes.includes(url.protocol)) return 'must be an https URL';
  if (url.username || url.password) return 'must not hold a user or a password';
  const host = hostOf(url);
  if (isIP(host) && !privateTargets && !isPublicAddress(host)) return 'must not lead to a private address';
  if (!hosts.some((pattern) => matches(pattern, host))) return 'must lead to a host that webhooks may be sent to';
  return undefined;
}

/** Without the brackets of an IPv6 address, and without the dot that may end a name. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function matches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
}
