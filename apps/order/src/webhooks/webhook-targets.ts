import { invalidRequest } from '@palinode/service';
import { objectionTo, type TargetRules } from './webhook-target';

/** Where webhooks may be sent to. */
export class WebhookTargets {
  constructor(private readonly rules: TargetRules) {}

  /** The URL in its plain form. Throws a problem when an order must not name it. */
  admit(url: string | undefined): string | undefined {
    if (url === undefined) return undefined;
    const { hosts } = this.rules;
    const objection = hosts.length === 0 ? 'is not known: this shop calls no webhooks' : objectionTo(url, this.rules);
    if (objection !== undefined) throw invalidRequest([{ field: 'webhookUrl', problem: objection }], 422);
    return new URL(url).href;
  }
}
