import { participantMigrations } from '@palinode/saga/participant';
import { CreateEffects1763600000001 } from '@palinode/service';
import { AddLowStock1763600000012 } from './add-low-stock';
import { CreateStock1763600000010 } from './create-stock';
import { SeedStock1763600000011 } from './seed-stock';

export const inventoryMigrations = [
  ...participantMigrations,
  CreateEffects1763600000001,
  CreateStock1763600000010,
  SeedStock1763600000011,
  AddLowStock1763600000012,
];
