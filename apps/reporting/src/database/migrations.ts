import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateCancellations1764000000041 } from './create-cancellations';
import { CreateReports1764000000040 } from './create-reports';
import { CreateRevisedOrders1764000000042 } from './create-revised-orders';

export const reportingMigrations = [
  ...subscriberMigrations,
  CreateReports1764000000040,
  CreateCancellations1764000000041,
  CreateRevisedOrders1764000000042,
];
