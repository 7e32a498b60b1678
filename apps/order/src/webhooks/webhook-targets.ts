import { invalidRequest } from '@palinode/service';
import type { WebhookAdmission } from '../placing/webhook-admission';
import { targetRejection, type TargetRules } from './webhook-target';

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
