import { Controller } from '@nestjs/common';
import {
  BeginRevision,
  beginRevision,
  CommitRevision,
  commitRevision,
  DropRevision,
  dropRevision,
  EndRevision,
  endRevision,
  FinishRevision,
  finishRevision,
  orderRevised,
  RevisionBegun,
} from '@palinode/contracts';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { commandOf, Events, HandleCommand, onCommitted } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { OrderNews } from '../news/order-news';
import { changeOrder, lockOrder, noteEffect } from '../orders/order-change';
import { asOrdered } from '../orders/ordered';
import { beginning } from './revision-rules';
import { Revisions } from './revisions';

/** The order is still under way; the orchestrator tries again. */
export class OrderPendingError extends Error {
  override readonly name = 'OrderPendingError';

  constructor(orderId: string) {
    super(`Order ${orderId} is pending and cannot be revised yet.`);
  }
}

/** The order is not held for this revision, so nothing of it can be done: somebody has to look. */
export class NotHeldError extends Error {
  override readonly name = 'NotHeldError';

  constructor(orderId: string, revisionId: string) {
    super(`Order ${orderId} is not held for revision ${revisionId}; look at the order's history and its revisions.`);
  }
}

@Controller()
export class RevisionCommands {
  constructor(
    private readonly revisions: Revisions,
    private readonly events: Events,
    private readonly news: OrderNews,
  ) {}

  @HandleCommand(beginRevision)
  async begin(
    { orderId, revisionId }: BeginRevision,
    tx: EntityManager,
  ): Promise<RevisionBegun | Refusal<'not-revisable'>> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    const begun = beginning(order, revision);
    if (begun === 'later') throw new OrderPendingError(orderId);
    if (begun === 'never') return refuse('not-revisable', `The order is ${order?.status ?? 'unknown'}.`);
    await changeOrder(tx, orderId, { status: 'REVISING' });
    await this.revisions.begin(tx, revisionId, begun.differenceCents);
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
    return begun;
  }

  @HandleCommand(endRevision, { transaction: 'shared' })
  async end({ orderId, revisionId }: EndRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order?.status !== 'REVISING' || revision?.status !== 'BEGUN') return;
    await changeOrder(tx, orderId, { status: 'APPROVED', event: 'kept' });
    await this.revisions.change(tx, revisionId, 'ASKED');
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
  }

  @HandleCommand(dropRevision, { transaction: 'shared' })
  async drop({ orderId, revisionId, reason }: DropRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order === undefined || revision?.status !== 'ASKED') return;
    await this.revisions.change(tx, revisionId, 'DROPPED', reason);
    await changeOrder(tx, orderId, { status: order.status, event: 'not-revised', notice: `Not revised: ${reason}` });
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
  }

  @HandleCommand(commitRevision, { transaction: 'shared' })
  async commit({ orderId, revisionId }: CommitRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order?.status !== 'REVISING' || revision?.status !== 'BEGUN') throw new NotHeldError(orderId, revisionId);
    await this.revisions.change(tx, revisionId, 'COMMITTED');
    await noteEffect(tx, commandOf(tx), orderId);
  }

  /** A revision that began in version 1 of its saga is finished without having been committed. */
  @HandleCommand(finishRevision, { transaction: 'shared' })
  async finish({ orderId, revisionId }: FinishRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (revision?.status === 'DONE') return;
    if (order?.status !== 'REVISING' || (revision?.status !== 'COMMITTED' && revision?.status !== 'BEGUN'))
      throw new NotHeldError(orderId, revisionId);
    const { lines, totalCents } = revision;
    await tx.query('UPDATE orders SET lines = $2, total_cents = $3 WHERE id = $1', [
      orderId,
      JSON.stringify(lines),
      totalCents,
    ]);
    const count = await changeOrder(tx, orderId, { status: 'APPROVED', event: 'revised' });
    await this.revisions.change(tx, revisionId, 'DONE');
    await noteEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.news.tell([orderId]));
    const before = { linesBefore: order.lines, totalCentsBefore: order.totalCents };
    await this.events.publish(tx, orderRevised, { ...asOrdered(order), lines, totalCents, ...before, revision: count });
  }
}
