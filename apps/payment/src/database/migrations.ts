import { participantMigrations } from '@palinode/saga/participant';
import { CreateEffects1763600000001 } from '@palinode/service';
import { CreateAuthorizations1763600000020 } from './create-authorizations';
import { CreateLedger1763600000021 } from './create-ledger';

export const paymentMigrations = [
  ...participantMigrations,
  CreateEffects1763600000001,
  CreateAuthorizations1763600000020,
  CreateLedger1763600000021,
];
