import { Injectable } from '@nestjs/common';
import { customerConsent, reviseOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { notFound, Problem } from '@palinode/service';
import { createHash } from 'node:crypto';
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

  /**
   * Accepted for an order that is pending, too: the saga waits until it is approved. Throws a problem for all others. The same
   * request under the same key is the same revision, whatever has become of it.
   */
  revise(orderId: string, request: RevisionRequest, key?: string): Promise<RevisionAccepted> {
    const { lines, paymentToken } = request;
    const repeatable = key === undefined ? undefined : { key, fingerprint: fingerprintOf(request) };
    const priced = price(lines, (sku) => this.catalogue.find(sku));
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      const first = repeatable && (await this.revisions.askedFor(tx, orderId, repeatable));
      if (first) return first;
      if (order.status !== 'APPROVED' && order.status !== 'PENDING') throw notNow('revised', order);
      const most = this.environment.OPEN_REVISIONS_PER_ORDER;
      if ((await this.revisions.countUnsettled(tx, orderId)) >= most) throw tooManyRevisions(orderId, most);
      const revisionId = uuidV7();
      const sagaId = await this.sagas.start(tx, reviseOrder, { orderId, revisionId, paymentToken });
      const asked = { orderId, revisionId, sagaId, differenceCents: priced.totalCents - order.totalCents };
      await this.revisions.add(tx, asked, priced, repeatable);
      return asked;
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

/** Takes up the fields by name, so that neither their order nor white space matters. */
function fingerprintOf({ lines, paymentToken }: RevisionRequest): string {
  const content = [paymentToken, lines.map(({ sku, quantity }) => [sku, quantity])];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}

function tooManyRevisions(orderId: string, most: number): Problem {
  const detail = `${most} revisions of the order ${orderId} are open, as many as it may have; wait until one is settled.`;
  return new Problem(429, 'too-many-revisions', 'Too many revisions', detail, undefined, 5);
}
