import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateNotifications1764000000030 } from './create-notifications';
import { TellOfRevisions1764000000031 } from './tell-of-revisions';

export const notificationsMigrations = [
  ...subscriberMigrations,
  CreateNotifications1764000000030,
  TellOfRevisions1764000000031,
];
