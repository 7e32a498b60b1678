import { participantMigrations } from '@palinode/saga/participant';
import { subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateEffects1763600000001 } from '@palinode/service';
import { CreateOutages1764700000040 } from '../outages/create-outages';
import { CreateWebhookDeliveries1763600000036 } from '../webhooks/create-webhook-deliveries';
import { AddRevisionKeys1764500000038 } from './add-revision-keys';
import { AskForConsent1764600000039 } from './ask-for-consent';
import { CreateCatalogue1763600000030 } from './create-catalogue';
import { CreateOrderEvents1763600000032 } from './create-order-events';
import { CreateOrders1763600000031 } from './create-orders';
import { CreateRevisions1763600000035 } from './create-revisions';
import { IndexByAge1763600000037 } from './index-by-age';

export const orderMigrations = [
  ...participantMigrations,
  ...subscriberMigrations,
  CreateEffects1763600000001,
  CreateCatalogue1763600000030,
  CreateOrders1763600000031,
  CreateOrderEvents1763600000032,
  CreateRevisions1763600000035,
  CreateWebhookDeliveries1763600000036,
  IndexByAge1763600000037,
  AddRevisionKeys1764500000038,
  AskForConsent1764600000039,
  CreateOutages1764700000040,
];
