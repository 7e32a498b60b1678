import { Injectable } from '@nestjs/common';
import { customerConsent, reviseOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { notFound, Problem } from '@palinode/service';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Catalogue } from '../catalogue/catalogue';
import { OrderEnvironment } from '../order-environment';
import { notNow } from '../orders/not-now';
import { lockOrder } from '../orders/order-change';
import { price } from '../placing/pricing';
import type { ConsentTaken, RevisionAccepted, RevisionRequest } from './revision-messages';
import { Revisions } from './revisions';

/** Changes what orders are about, when the customer wants to. */
@Injectable()
export class OrderRevising {
  constructor(
    private readonly dataSource: DataSource,
    private readonly catalogue: Catalogue,
    private readonly revisions: Revisions,
    private readonly sagas: Sagas,
    private readonly environment: OrderEnvironment,
  ) {}

  /** Accepted for an order that is pending, too: the saga waits until it is approved. Throws a problem for all others. */
  revise(orderId: string, { lines, paymentToken }: RevisionRequest): Promise<RevisionAccepted> {
    const priced = price(lines, (sku) => this.catalogue.find(sku));
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      if (order.status !== 'APPROVED' && order.status !== 'PENDING') throw notNow('revised', order);
      const most = this.environment.OPEN_REVISIONS_PER_ORDER;
      if ((await this.revisions.countUnsettled(tx, orderId)) >= most) throw tooManyRevisions(orderId, most);
      const revisionId = uuidV7();
      const sagaId = await this.sagas.start(tx, reviseOrder, { orderId, revisionId, paymentToken });
      await this.revisions.add(tx, orderId, revisionId, sagaId, priced);
      return { orderId, revisionId, sagaId, differenceCents: priced.totalCents - order.totalCents };
    });
  }

  /** Tells the saga what the customer thinks of the price; it may not have asked yet. */
  consent(orderId: string, accepted: boolean): Promise<ConsentTaken> {
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      const revision = await this.revisions.unsettled(tx, orderId);
      if (revision === undefined) throw notNow('agreed to, since no revision of it is open,', order);
      const { revisionId, sagaId } = revision;
      await this.sagas.signal(tx, sagaId, customerConsent, { accepted });
      return { orderId, revisionId, sagaId };
    });
  }
}

function tooManyRevisions(orderId: string, most: number): Problem {
  const detail = `${most} revisions of the order ${orderId} are open, as many as it may have; wait until one is settled.`;
  return new Problem(429, 'too-many-revisions', 'Too many revisions', detail, undefined, 5);
}
