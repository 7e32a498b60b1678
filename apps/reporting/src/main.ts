import { startService } from '@palinode/service';
import { ReportingModule } from './reporting-module';

void startService({
  name: 'reporting',
  module: (environment) => ReportingModule.with(environment),
  subscriber: true,
});
