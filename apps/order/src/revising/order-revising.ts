import { HttpStatus, Injectable } from '@nestjs/common';
import { customerConsent, reviseOrder } from '@palinode/contracts';
import { Sagas } from '@palinode/saga/participant';
import { notFound, Problem } from '@palinode/service';
import { DataSource } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import { Catalogue } from '../catalogue/catalogue';
import { price } from '../catalogue/pricing';
import { fingerprintOf } from '../idempotency/idempotent-request';
import { OrderEnvironment } from '../order-environment';
import { lockOrder, statusConflict } from '../orders/order-change';
import type { ConsentRequest, ConsentTaken, Revision, RevisionAccepted, RevisionRequest } from './revision-messages';
import { isAsking, judgeConsent } from './revision-rules';
import { Revisions } from './revisions';

/** Revises orders on the customer's request. */
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
   * Also accepts a pending order: the saga waits until it is approved. Throws a problem in every other status. The same
   * request under the same key returns the same revision.
   */
  revise(orderId: string, request: RevisionRequest, key?: string): Promise<RevisionAccepted> {
    const { lines, paymentToken } = request;
    const repeatable = key === undefined ? undefined : { key, fingerprint: fingerprintOf(contentOf(request)) };
    const priced = price(lines, (sku) => this.catalogue.find(sku));
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      const first = repeatable && (await this.revisions.askedFor(tx, orderId, repeatable));
      if (first) return first;
      if (order.status !== 'APPROVED' && order.status !== 'PENDING') throw statusConflict('revised', order);
      const most = this.environment.OPEN_REVISIONS_PER_ORDER;
      if ((await this.revisions.countUnsettled(tx, orderId)) >= most) throw tooManyRevisions(orderId, most);
      const revisionId = uuidV7();
      const sagaId = await this.sagas.start(tx, reviseOrder, { orderId, revisionId, paymentToken });
      const asked = { orderId, revisionId, sagaId, differenceCents: priced.totalCents - order.totalCents };
      await this.revisions.add(tx, asked, priced, repeatable);
      return asked;
    });
  }

  /** Signals the customer's answer to the saga. Throws a problem that names what needs consent now. */
  consent(orderId: string, answer: ConsentRequest): Promise<ConsentTaken> {
    return this.dataSource.transaction(async (tx) => {
      const order = await lockOrder(tx, orderId);
      if (order === undefined) throw notFound(`The order ${orderId}`);
      const held = await this.revisions.lockHolder(tx, orderId);
      const verdict = judgeConsent(held, answer);
      if (verdict === 'not-asked' || held === undefined) throw consentNotNeeded(orderId, answer, held);
      if (verdict === 'contradicts-earlier') throw answeredBefore(orderId, held);
      const { revisionId, sagaId } = held;
      if (verdict === 'valid') {
        await this.revisions.answer(tx, revisionId, answer.accepted);
        await this.sagas.signal(tx, sagaId, customerConsent, answer);
      }
      return { orderId, revisionId, sagaId };
    });
  }
}

/** The answer is for a revision or price that needs no consent now. */
function consentNotNeeded(orderId: string, { revisionId, differenceCents }: ConsentRequest, held?: Revision): Problem {
  const asked = askedBy(held);
  const now = asked
    ? `${asked.revisionId} asks for ${asked.differenceCents} cents more now`
    : 'no revision of it asks for anything now; read its revisions and wait until yours is BEGUN';
  const detail = `The revision ${revisionId} of the order ${orderId} does not ask for ${differenceCents} cents: ${now}.`;
  return conflict('not-asked', 'This needs no consent', detail, asked);
}

function answeredBefore(orderId: string, held: Revision): Problem {
  const answer = held.consent ? 'agreed to' : 'declined';
  const detail = `The revision ${held.revisionId} of the order ${orderId} was ${answer} before, and the answer is final.`;
  return conflict('already-answered', 'This was answered before', detail, askedBy(held));
}

function conflict(code: string, title: string, detail: string, asked: AskedPrice | null): Problem {
  return new Problem(HttpStatus.CONFLICT, { code, title, detail, extension: { asked } });
}

type AskedPrice = Pick<Revision, 'revisionId' | 'differenceCents' | 'totalCents'>;

function askedBy(held: Revision | undefined): AskedPrice | null {
  if (held === undefined || !isAsking(held)) return null;
  const { revisionId, differenceCents, totalCents } = held;
  return { revisionId, differenceCents, totalCents };
}

/** Lists the fields explicitly, so that their order and white space do not matter. */
function contentOf({ lines, paymentToken }: RevisionRequest): unknown[] {
  return [paymentToken, lines.map(({ sku, quantity }) => [sku, quantity])];
}

function tooManyRevisions(orderId: string, most: number): Problem {
  const detail = `${most} revisions of the order ${orderId} are open, its limit; wait until one is settled.`;
  return new Problem(429, { code: 'too-many-revisions', title: 'Too many revisions', detail, retryAfterSeconds: 5 });
}
