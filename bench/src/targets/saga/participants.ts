import { Controller } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { HandleCommand, onCommitted, prepared } from '@palinode/saga/participant';
import { CHARGE, CLOSE, DECLINED, PICK, PUT_BACK, RELEASE, RESERVE } from '../effects';
import {
  approve,
  Authorize,
  authorize,
  Authorized,
  OrderId,
  Picking,
  pick,
  putBack,
  reject,
  release,
  Reserve,
  reserve,
} from './contracts';
import { finished } from '../load';

/** The kind of transaction of this process's handlers. */
const transaction = process.env['BENCH_TRANSACTION'] === 'per-command' ? 'per-command' : 'per-batch';

@Controller()
export class Stock {
  @HandleCommand(reserve, { transaction })
  async reserve({ orderId, sku, quantity }: Reserve, tx: EntityManager): Promise<void | Refusal<'out-of-stock'>> {
    const taken: unknown[] = await prepared(tx, 'reserve', RESERVE, [orderId, sku, quantity]);
    return taken.length === 0 ? refuse('out-of-stock') : undefined;
  }

  @HandleCommand(release, { transaction })
  async release({ orderId }: OrderId, tx: EntityManager): Promise<void> {
    await prepared(tx, 'release', RELEASE, [orderId]);
  }

  @HandleCommand(pick, { transaction })
  async pick({ orderId, place }: Picking, tx: EntityManager): Promise<void> {
    await prepared(tx, 'pick', PICK, [orderId, place]);
  }

  @HandleCommand(putBack, { transaction })
  async putBack({ orderId, place }: Picking, tx: EntityManager): Promise<void> {
    await prepared(tx, 'put-back', PUT_BACK, [orderId, place]);
  }
}

@Controller()
export class Payment {
  @HandleCommand(authorize, { transaction })
  async authorize(
    { orderId, amountCents, token }: Authorize,
    tx: EntityManager,
  ): Promise<Authorized | Refusal<'declined'>> {
    const authorizationId = uuidV7();
    const declined = token === DECLINED;
    await prepared(tx, 'charge', CHARGE, [authorizationId, orderId, amountCents, declined ? 'DECLINED' : 'AUTHORIZED']);
    return declined ? refuse('declined') : { authorizationId };
  }
}

@Controller()
export class Orders {
  @HandleCommand(approve, { transaction })
  async approve({ orderId }: OrderId, tx: EntityManager): Promise<void> {
    await prepared(tx, 'close', CLOSE, [orderId, 'APPROVED']);
    onCommitted(tx, () => finished(orderId));
  }

  @HandleCommand(reject, { transaction })
  async reject({ orderId }: OrderId, tx: EntityManager): Promise<void> {
    await prepared(tx, 'close', CLOSE, [orderId, 'REJECTED']);
    onCommitted(tx, () => finished(orderId));
  }
}
