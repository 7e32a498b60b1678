import { startService } from '@palinode/service';
import { Admission } from './admission/admission';
import { Availability } from './availability/availability';
import { OrderChangeSubscription } from './change-notifications/order-change-notifier';
import { orderService } from './order-service';
import { Outages } from './outages/outages';
import { WebhookSender } from './webhooks/webhook-sender';

void startService({
  ...orderService,
  admission: Admission,
  readiness: {
    admission: Admission,
    availability: Availability,
    changeNotifications: OrderChangeSubscription,
    outages: Outages,
    webhooks: WebhookSender,
  },
});
