import { startService } from '@palinode/service';
import { Rebuilding } from './generations/rebuilding';
import { ReportingModule } from './reporting.module';

void startService({
  name: 'reporting',
  module: (environment) => ReportingModule.with(environment),
  subscriber: true,
  readiness: { generations: Rebuilding },
});
