import { Webhook } from 'standardwebhooks';

export interface SignedMessage {
  /** The same for every attempt, so that a receiver can deduplicate. */
  readonly id: string;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): id, time and an HMAC-SHA256 of both with the body.
 * With several secrets there are several signatures, so that a secret can be replaced without a gap.
 */
export function signed({ id, body }: SignedMessage, secrets: readonly string[], at: Date): Record<string, string> {
  return {
    'content-type': 'application/json',
    'user-agent': 'palinode-order',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
