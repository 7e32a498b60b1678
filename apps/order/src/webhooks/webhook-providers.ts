import type { Provider } from '@nestjs/common';
import type { OrderEnvironment } from '../order-environment';
import { WebhookAdmission } from '../placing/webhook-admission';
import { WebhookCaller } from './webhook-call';
import { WebhookQueue } from './webhook-queue';
import { WebhookSender } from './webhook-sender';
import { WebhookTargets } from './webhook-target';

export function webhookProviders({ WEBHOOK_HOSTS: hosts, WEBHOOK_PRIVATE_TARGETS }: OrderEnvironment): Provider[] {
  const rules = { hosts, privateTargets: WEBHOOK_PRIVATE_TARGETS === 'yes' };
  return [
    WebhookQueue,
    WebhookSender,
    { provide: WebhookAdmission, useFactory: () => new WebhookTargets(rules) },
    { provide: WebhookCaller, useFactory: () => new WebhookCaller(rules) },
  ];
}
