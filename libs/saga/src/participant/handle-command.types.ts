/* Handlers that the compiler must reject. Nothing here runs: `npm run types` checks it. */
import { IsInt, IsOptional, IsString } from 'class-validator';
import type { EntityManager } from 'typeorm';
import { defineCommand, refuse, type Refusal } from '../contract';
import { HandleCommand } from './handle-command';

class Reserve {
  @IsString() orderId!: string;
}
class Reserved {
  @IsString() reservationId!: string;
  @IsOptional() @IsInt() boxes?: number;
}
const reserve = defineCommand('stock.reserve', { payload: Reserve, reply: Reserved, refusals: ['out-of-stock'] });
const release = defineCommand('stock.release', { payload: Reserve });

export class Right {
  @HandleCommand(reserve)
  async reserve({ orderId }: Reserve, _tx: EntityManager): Promise<Reserved | Refusal<'out-of-stock'>> {
    return orderId === '' ? refuse('out-of-stock') : { reservationId: orderId };
  }

  @HandleCommand(reserve)
  async reserveMore(): Promise<{ reservationId: string; boxes: number }> {
    return { reservationId: 'r-1', boxes: 2 };
  }

  @HandleCommand(release)
  async release(_command: { readonly orderId: string }): Promise<void> {}
}

export class Wrong {
  // @ts-expect-error a refusal that the contract does not declare
  @HandleCommand(reserve)
  async undeclared({ orderId }: Reserve) {
    return orderId === '' ? refuse('sold-out') : { reservationId: orderId };
  }

  // @ts-expect-error a reply with an optional field misspelled
  @HandleCommand(reserve)
  async misspelled({ orderId }: Reserve) {
    return { reservationId: orderId, boxs: 2 };
  }

  // @ts-expect-error another reply
  @HandleCommand(reserve)
  async other({ orderId }: Reserve) {
    return { id: orderId };
  }

  // @ts-expect-error no promise
  @HandleCommand(reserve)
  sooner({ orderId }: Reserve) {
    return { reservationId: orderId };
  }

  // @ts-expect-error another payload
  @HandleCommand(reserve)
  async otherPayload({ parcel }: { parcel: string }) {
    return { reservationId: parcel };
  }
}
