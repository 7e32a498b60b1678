import { isIP } from 'node:net';
import { invalidRequest } from '@palinode/service';
import type { WebhookAdmission } from '../placing/webhook-admission';
import { isPublicAddress } from './public-address';

export interface TargetRules {
  /** `hooks.example.com`, `*.example.com` for every name under it, or `*`. */
  readonly hosts: readonly string[];
  /** For development: allows plain HTTP and private addresses. */
  readonly privateTargets: boolean;
}

const MAX_CHARACTERS = 2_048;

/** Why a URL cannot be a webhook's target; undefined when it can. The resolved address is checked at each call. */
export function targetRejection(text: string, { hosts, privateTargets }: TargetRules): string | undefined {
  if (text.length > MAX_CHARACTERS) return `must have at most ${MAX_CHARACTERS} characters`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schemes = privateTargets ? ['https:', 'http:'] : ['https:'];
  if (url === undefined || !schemes.includes(url.protocol)) return 'must be an https URL';
  if (url.username || url.password) return 'must not hold a user or a password';
  const host = hostOf(url);
  if (isIP(host) && !privateTargets && !isPublicAddress(host)) return 'must not lead to a private address';
  if (!hosts.some((pattern) => matches(pattern, host))) return 'must lead to a host that webhooks may be sent to';
  return undefined;
}

/** Removes the brackets of an IPv6 address and a trailing dot. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function matches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  const wanted = pattern.toLowerCase();
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) : host === wanted;
}

/** The targets that webhooks may be sent to. */
export class WebhookTargets implements WebhookAdmission {
  constructor(private readonly rules: TargetRules) {}

  admit(url: string | undefined): string | undefined {
    if (url === undefined) return undefined;
    const { hosts } = this.rules;
    const rejection =
      hosts.length === 0 ? 'is not known: this shop calls no webhooks' : targetRejection(url, this.rules);
    if (rejection !== undefined) throw invalidRequest([{ field: 'webhookUrl', problem: rejection }], 422);
    return new URL(url).href;
  }
}
