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
import { OrderChangeNotifier } from '../change-notifications/order-change-notifier';
import { changeOrder, lockOrder, recordEffect } from '../orders/order-change';
import { toEventPayload } from '../orders/order-statements';
import { beginning } from './revision-rules';
import { Revisions } from './revisions';

/** The order is still pending; the orchestrator retries. */
export class OrderPendingError extends Error {
  override readonly name = 'OrderPendingError';

  constructor(orderId: string) {
    super(`Order ${orderId} is pending and cannot be revised yet.`);
  }
}

/** The order is not held for this revision. This needs an operator. */
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
    private readonly notifier: OrderChangeNotifier,
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
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
    return begun;
  }

  @HandleCommand(endRevision, { transaction: 'per-batch' })
  async end({ orderId, revisionId }: EndRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order?.status !== 'REVISING' || revision?.status !== 'BEGUN') return;
    await changeOrder(tx, orderId, { status: 'APPROVED', event: 'kept' });
    await this.revisions.change(tx, revisionId, 'ASKED');
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
  }

  @HandleCommand(dropRevision, { transaction: 'per-batch' })
  async drop({ orderId, revisionId, reason }: DropRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order === undefined || revision?.status !== 'ASKED') return;
    await this.revisions.change(tx, revisionId, 'DROPPED', reason);
    await changeOrder(tx, orderId, { status: order.status, event: 'not-revised', notice: `Not revised: ${reason}` });
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
  }

  @HandleCommand(commitRevision, { transaction: 'per-batch' })
  async commit({ orderId, revisionId }: CommitRevision, tx: EntityManager): Promise<void> {
    const order = await lockOrder(tx, orderId);
    const revision = await this.revisions.lock(tx, revisionId);
    if (order?.status !== 'REVISING' || revision?.status !== 'BEGUN') throw new NotHeldError(orderId, revisionId);
    await this.revisions.change(tx, revisionId, 'COMMITTED');
    await recordEffect(tx, commandOf(tx), orderId);
  }

  /** A revision that began in version 1 of its saga is finished without a commit. */
  @HandleCommand(finishRevision, { transaction: 'per-batch' })
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
    await recordEffect(tx, commandOf(tx), orderId);
    onCommitted(tx, () => this.notifier.notify([orderId]));
    const before = { linesBefore: order.lines, totalCentsBefore: order.totalCents };
    await this.events.publish(tx, orderRevised, {
      ...toEventPayload(order),
      lines,
      totalCents,
      ...before,
      revision: count,
    });
  }
}
