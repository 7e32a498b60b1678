import { invalidRequest } from '@palinode/service';
import { targetRejection, type TargetRules } from './webhook-target';

/** The targets that webhooks may be sent to. */
export class WebhookTargets {
  constructor(private readonly rules: TargetRules) {}

  /** Returns the normalized URL. Throws a problem when an order must not name it. */
  admit(url: string | undefined): string | undefined {
    if (url === undefined) return undefined;
    const { hosts } = this.rules;
    const rejection =
      hosts.length === 0 ? 'is not known: this shop calls no webhooks' : targetRejection(url, this.rules);
    if (rejection !== undefined) throw invalidRequest([{ field: 'webhookUrl', problem: rejection }], 422);
    return new URL(url).href;
  }
}
