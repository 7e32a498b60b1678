import { Injectable } from '@nestjs/common';
import { orderPlaced, placeOrder, type OrderPlaced, type PlaceOrder } from '@palinode/contracts';
import type { Carried } from '@palinode/saga/contract';
import { Events, Sagas } from '@palinode/saga/participant';
import { GroupCommit } from '@palinode/service';
import { DataSource, type EntityManager } from 'typeorm';
import { Orders } from '../orders/orders';
import type { Priced } from '../catalogue/pricing';

/** An order before it is written. */
export interface OrderDraft {
  readonly input: PlaceOrder;
  readonly priced: Priced;
  /** What the saga's messages carry along: in development, the fault to inject. */
  readonly carried: Carried | undefined;
  /** The URL that is called on the order's events. */
  readonly webhookUrl: string | undefined;
}

/** Writes new orders: the order, the start of its saga and its event in one transaction. */
@Injectable()
export class OrderWriter {
  private readonly group = new GroupCommit<OrderDraft, string>((drafts) =>
    this.dataSource.transaction((tx) => this.writeAll(tx, drafts)),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly orders: Orders,
    private readonly sagas: Sagas,
    private readonly events: Events,
  ) {}

  /** What the saga's messages will carry along of this. Throws a problem when it cannot be. */
  acceptCarried(carried: Carried): Carried | undefined {
    return this.sagas.acceptCarried(carried);
  }

  /** Writes the order together with others that are placed at the same time. Resolves with the id of its saga. */
  write(draft: OrderDraft): Promise<string> {
    return this.group.add(draft);
  }

  /**
   * Writes the order when the claim succeeds in the same transaction; otherwise resolves with undefined. It uses a transaction
   * of its own, because the claim may wait for another request.
   */
  writeIf(claim: (tx: EntityManager) => Promise<boolean>, draft: OrderDraft): Promise<string | undefined> {
    return this.dataSource.transaction(async (tx) => {
      if (!(await claim(tx))) return undefined;
      const [sagaId] = await this.writeAll(tx, [draft]);
      return sagaId;
    });
  }

  private async writeAll(tx: EntityManager, drafts: readonly OrderDraft[]): Promise<string[]> {
    const sagaIds = await Promise.all(
      drafts.map(({ input, carried }) => this.sagas.start(tx, placeOrder, input, { carried })),
    );
    const orders = drafts.map(({ input: { orderId, customerId }, priced, webhookUrl }, index) => ({
      orderId,
      customerId,
      priced,
      webhookUrl,
      sagaId: sagaIds[index] ?? '',
    }));
    await this.orders.add(tx, orders);
    await this.events.publish(tx, orderPlaced, ...drafts.map(toOrderPlaced));
    return sagaIds;
  }
}

function toOrderPlaced({ input: { orderId, customerId }, priced }: OrderDraft): OrderPlaced {
  const { lines, totalCents, currency } = priced;
  return { orderId, customerId, lines: [...lines], totalCents, currency };
}
