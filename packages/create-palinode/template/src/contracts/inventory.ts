import { defineCommand } from '@palinode/saga/contract';
import { IsInt, IsString, IsUUID, Min } from 'class-validator';

export class ReserveStock {
  @IsUUID() orderId!: string;
  @IsString() sku!: string;
  @IsInt() @Min(1) quantity!: number;
}
export class ReleaseStock {
  @IsUUID() orderId!: string;
}

export const reserveStock = defineCommand('inventory.reserve-stock', {
  payload: ReserveStock,
  refusals: ['out-of-stock'],
});
export const releaseStock = defineCommand('inventory.release-stock', { payload: ReleaseStock });
