import { participantMigrations } from '@palinode/saga/participant';
import { CreateEffects1763600000001 } from '@palinode/service';
import { AddOwed1764500000033 } from './add-owed';
import { CreateAuthorizations1763600000020 } from './create-authorizations';
import { CreateLedger1763600000021 } from './create-ledger';
import { CreateRefunds1763600000025 } from './create-refunds';

export const paymentMigrations = [
  ...participantMigrations,
  CreateEffects1763600000001,
  CreateAuthorizations1763600000020,
  CreateLedger1763600000021,
  CreateRefunds1763600000025,
  AddOwed1764500000033,
];
