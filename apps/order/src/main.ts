import { startService } from '@palinode/service';
import { Admission } from './admission/admission';
import { Availability } from './availability/availability';
import { NewsOfInstances } from './news/news-of-instances';
import { OrderEnvironment } from './order-environment';
import { OrderModule } from './order-module';

void startService({
  name: 'order',
  environment: OrderEnvironment,
  module: (environment) => OrderModule.with(environment),
  participant: true,
  door: Admission,
  readiness: { admission: Admission, availability: Availability, news: NewsOfInstances },
});
