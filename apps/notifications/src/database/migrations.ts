import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateNotifications1764000000030 } from './create-notifications';

export const notificationsMigrations = [...subscriberMigrations, CreateNotifications1764000000030];
