import { startService } from '@palinode/service';
import { Admission } from './admission/admission';
import { Availability } from './availability/availability';
import { CommandConsumption } from './health/command-consumption';
import { NewsOfInstances } from './news/news-of-instances';
import { orderService } from './order-service';
import { OutageNews } from './outages/outage-news';
import { Outages } from './outages/outages';
import { WebhookSender } from './webhooks/webhook-sender';

void startService({
  ...orderService,
  door: Admission,
  readiness: {
    participant: CommandConsumption,
    subscriber: OutageNews,
    admission: Admission,
    availability: Availability,
    news: NewsOfInstances,
    outages: Outages,
    webhooks: WebhookSender,
  },
});
