import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateReports1764000000040 } from './create-reports';

export const reportingMigrations = [...subscriberMigrations, CreateReports1764000000040];
