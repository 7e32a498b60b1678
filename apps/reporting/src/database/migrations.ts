import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateCancellations1764000000041 } from './create-cancellations';
import { CreateReports1764000000040 } from './create-reports';

export const reportingMigrations = [
  ...subscriberMigrations,
  CreateReports1764000000040,
  CreateCancellations1764000000041,
];
