import { startService } from '@palinode/service';
import { Admission } from './admission/admission';
import { Availability } from './availability/availability';
import { NewsOfInstances } from './news/news-of-instances';
import { orderService } from './order-service';
import { WebhookSender } from './webhooks/webhook-sender';

void startService({
  ...orderService,
  door: Admission,
  readiness: { admission: Admission, availability: Availability, news: NewsOfInstances, webhooks: WebhookSender },
});
