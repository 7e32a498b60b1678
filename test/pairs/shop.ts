/*
 * A model of the shop for sagas that meet: one order, its money and its stock. It uses the pure decision functions of
 * the real services; the rest imitates their SQL statements.
 */
import {
  authorizePayment,
  beginRevision,
  capturePayment,
  commitRevision,
  commitStock,
  confirmOrder,
  dropCancellation,
  dropRevision,
  endRevision,
  finishCancellation,
  finishRevision,
  refundPayment,
  rejectOrder,
  releaseStock,
  reserveStock,
  returnStock,
  reversePayment,
  voidPayment,
  type CancelOrder,
  type CustomerConsent,
  type OrderLine,
  type PlaceOrder,
  type ReviseOrder,
} from '@palinode/contracts';
import { refuse } from '@palinode/saga/contract';
import { exploreTogether, type TogetherExplorer } from '@palinode/saga/testing';
import type { OrderStatus } from '../../apps/order/src/orders/order-messages';
import type { Revision as StoredRevision } from '../../apps/order/src/revising/revision-messages';
import { beginning, judgeConsent } from '../../apps/order/src/revising/revision-rules';

/** The columns of an order that sagas read. */
interface Order {
  readonly status: OrderStatus;
  readonly customerId: string;
  readonly currency: string;
  readonly totalCents: number;
  readonly lines: StoredRevision['lines'];
}

type Revision = Pick<
  StoredRevision,
  'revisionId' | 'status' | 'differenceCents' | 'consent' | 'totalCents' | 'lines'
> & {
  /** The price estimate at the customer's request, and the price that the customer has agreed to since. */
  readonly estimatedCents: number;
  readonly agreedCents: number | null;
};

interface Authorization {
  readonly id: string;
  readonly cents: number;
  readonly status: 'AUTHORIZED' | 'CAPTURED' | 'VOIDED';
  readonly refundedCents: number;
}

export interface World {
  readonly order: Order | null;
  /** Oldest first. */
  readonly revisions: readonly Revision[];
  readonly card: readonly Authorization[];
  readonly stock: {
    readonly free: number;
    readonly sold: number;
    readonly reservations: Readonly<
      Record<string, { readonly cups: number; readonly status: 'RESERVED' | 'COMMITTED' | 'RELEASED' }>
    >;
  };
}

const ORDER_ID = idOf(1);
const CUP_CENTS = 1_250;
const CUPS = 30;

export const emptyShop: World = {
  order: null,
  revisions: [],
  card: [],
  stock: { free: CUPS, sold: 0, reservations: {} },
};

/** A shop in which an order of this number of cups is approved, paid and sold. */
export function shopWithOrderOf(cups: number): World {
  return {
    order: orderOf(cups, 'APPROVED'),
    revisions: [],
    card: [{ id: idOf(100), cents: cups * CUP_CENTS, status: 'CAPTURED', refundedCents: 0 }],
    stock: { free: CUPS - cups, sold: cups, reservations: { [ORDER_ID]: { cups, status: 'COMMITTED' } } },
  };
}

type ShopExplorer = TogetherExplorer<World>;

/** The shop with the promises that always hold. */
export function exploreShop(shop: World): ShopExplorer {
  return promiseWhenSettled(shop)
    .always('an approved order is paid, neither more nor less, and its cups are reserved or sold', (world) => {
      const { order } = world;
      if (order?.status !== 'APPROVED') return true;
      return isPaid(world, order.totalCents) && cupsTaken(world) === countOf(order.lines);
    })
    .always('customers pay only prices that they agreed to', ({ revisions }) => revisions.every(isAgreedTo))
    .always('no cup is lost, and none sold twice', (world) => {
      return world.stock.free >= 0 && world.stock.free + cupsTaken(world) === CUPS;
    });
}

/** The shop with the promises that hold when no saga is running. */
export function promiseWhenSettled(shop: World): ShopExplorer {
  return explorePayment(exploreStock(exploreOrders(exploreTogether().world(shop))))
    .whenAllEnded('no saga holds the order, and each revision is settled', ({ order, revisions }) => {
      const isFree = order === null || ['APPROVED', 'REJECTED', 'CANCELLED'].includes(order.status);
      return isFree && revisions.every(({ status }) => status === 'DONE' || status === 'DROPPED');
    })
    .whenAllEnded('money taken is the price of what is approved', (world) =>
      isPaid(world, approved(world)?.totalCents ?? 0),
    )
    .whenAllEnded('the cups sold are those of what is approved', (world) => {
      const cups = countOf(approved(world)?.lines ?? []);
      return world.stock.sold === cups && cupsTaken(world) === cups;
    });
}

/** POST /orders: the order is PENDING from its first moment. */
export function placing(cups: number): (shop: World) => { world: World; input: PlaceOrder } | undefined {
  return (shop) => {
    if (shop.order !== null) return undefined;
    const { customerId, currency, totalCents, lines } = orderOf(cups, 'PENDING');
    const input = {
      orderId: ORDER_ID,
      customerId,
      currency,
      amountCents: totalCents,
      lines: requestLines(lines),
      paymentToken: 'tok_ok',
    };
    return { world: { ...shop, order: orderOf(cups, 'PENDING') }, input };
  };
}

/** POST /orders/:id/cancellation: takes the lock with the request. */
export function cancelling(shop: World): { world: World; input: CancelOrder } | undefined {
  const { order } = shop;
  if (order?.status !== 'APPROVED') return undefined;
  return { world: withStatus(shop, 'CANCELLING'), input: { orderId: ORDER_ID, lines: requestLines(order.lines) } };
}

/** POST /orders/:id/revisions: also accepted while the order is pending; the saga takes the lock. */
export function revising(
  number: number,
  cups: number,
): (shop: World) => { world: World; input: ReviseOrder } | undefined {
  return (shop) => {
    const { order } = shop;
    if (order?.status !== 'APPROVED' && order?.status !== 'PENDING') return undefined;
    const { lines, totalCents } = orderOf(cups, 'APPROVED');
    const revision: Revision = {
      revisionId: revisionIdOf(number),
      status: 'ASKED',
      lines,
      totalCents,
      differenceCents: null,
      consent: null,
      estimatedCents: totalCents - order.totalCents,
      agreedCents: null,
    };
    const input = { orderId: ORDER_ID, revisionId: revision.revisionId, paymentToken: 'tok_ok' };
    return { world: { ...shop, revisions: [...shop.revisions, revision] }, input };
  };
}

/** A customer's answer: to the estimate at the request, or to the price that is requested now. */
export interface Answer {
  readonly accepted: boolean;
  readonly price: 'estimated' | 'requested';
}

/** POST /orders/:id/consent. */
export function answering(number: number, { accepted, price }: Answer) {
  return (shop: World): { world: World; payload: CustomerConsent } | undefined => {
    const revision = revisionIn(shop, revisionIdOf(number));
    const differenceCents = price === 'estimated' ? revision?.estimatedCents : revision?.differenceCents;
    if (revision === undefined || differenceCents === undefined || differenceCents === null) return undefined;
    const payload = { accepted, revisionId: revision.revisionId, differenceCents };
    const held = shop.revisions.find(({ status }) => status === 'BEGUN' || status === 'COMMITTED');
    if (judgeConsent(held, payload) !== 'valid') return undefined;
    return { world: withAnswer(shop, payload), payload };
  };
}

/** The world in which the customer has given this answer. */
export function withAnswer(shop: World, { revisionId, accepted, differenceCents }: CustomerConsent): World {
  return withRevision(shop, revisionId, { consent: accepted, agreedCents: accepted ? differenceCents : null });
}

export function revisionIdOf(number: number): string {
  return idOf(10 + number);
}

export function revisionIn({ revisions }: World, id: string): Revision | undefined {
  return revisions.find(({ revisionId }) => revisionId === id);
}

export function withRevision(shop: World, id: string, change: Partial<Revision>): World {
  const revisions = shop.revisions.map((each) => (each.revisionId === id ? { ...each, ...change } : each));
  return { ...shop, revisions };
}

export function withStatus(shop: World, status: OrderStatus): World {
  return shop.order ? { ...shop, order: { ...shop.order, status } } : shop;
}

function exploreOrders(explorer: ShopExplorer): ShopExplorer {
  return explorer
    .on(confirmOrder, { effect: (shop) => endPending(shop, 'APPROVED') })
    .on(rejectOrder, { effect: (shop) => (shop.order ? endPending(shop, 'REJECTED') : shop) })
    .on(finishCancellation, {
      effect: (shop) => {
        if (shop.order?.status !== 'CANCELLING') throw new Error(`it is ${shop.order?.status}`);
        return withStatus(shop, 'CANCELLED');
      },
    })
    .on(dropCancellation, {
      effect: (shop) => (shop.order?.status === 'CANCELLING' ? withStatus(shop, 'APPROVED') : shop),
    })
    .on(beginRevision, {
      reply: ({ order, revisions }, { revisionId }) => {
        const begun = beginning(
          order ?? undefined,
          revisions.find((each) => each.revisionId === revisionId),
        );
        if (typeof begun === 'string') throw new Error(`it begins ${begun}`);
        return begun;
      },
      effect: (shop, { revisionId }) => {
        const begun = beginning(shop.order ?? undefined, revisionIn(shop, revisionId));
        if (begun === 'later') throw new Error('it is pending');
        if (begun === 'never') return refuse('not-revisable');
        const { differenceCents } = begun;
        return withStatus(withRevision(shop, revisionId, { status: 'BEGUN', differenceCents }), 'REVISING');
      },
    })
    .on(endRevision, {
      effect: (shop, { revisionId }) =>
        isHeldFor(shop, revisionId, 'BEGUN')
          ? withStatus(withRevision(shop, revisionId, { status: 'ASKED' }), 'APPROVED')
          : shop,
    })
    .on(dropRevision, {
      effect: (shop, { revisionId }) =>
        revisionIn(shop, revisionId)?.status === 'ASKED' ? withRevision(shop, revisionId, { status: 'DROPPED' }) : shop,
    })
    .on(commitRevision, {
      effect: (shop, { revisionId }) => {
        if (!isHeldFor(shop, revisionId, 'BEGUN')) throw new Error('it is not held');
        return withRevision(shop, revisionId, { status: 'COMMITTED' });
      },
    })
    .on(finishRevision, {
      effect: (shop, { revisionId }) => {
        if (!isHeldFor(shop, revisionId, 'BEGUN', 'COMMITTED')) throw new Error('it is not held');
        const { lines, totalCents } = revisionIn(shop, revisionId) as Revision;
        const done = withStatus(withRevision(shop, revisionId, { status: 'DONE' }), 'APPROVED');
        return { ...done, order: { ...(done.order as Order), lines, totalCents } };
      },
    });
}

function isHeldFor(shop: World, revisionId: string, ...statuses: readonly Revision['status'][]): boolean {
  const status = revisionIn(shop, revisionId)?.status;
  return shop.order?.status === 'REVISING' && status !== undefined && statuses.includes(status);
}

/** As END_ORDER: an order that has already ended in this status stays; in another status it fails. */
function endPending(shop: World, status: 'APPROVED' | 'REJECTED'): World {
  const found = shop.order?.status;
  if (found === 'PENDING') return withStatus(shop, status);
  if (found === undefined || (status === 'APPROVED' ? found === 'REJECTED' : found === 'APPROVED'))
    throw new Error(`it cannot become ${status}: it is ${found}`);
  return shop;
}

function explorePayment(explorer: ShopExplorer): ShopExplorer {
  return explorer
    .on(authorizePayment, {
      reply: ({ card }) => ({ authorizationId: idOf(101 + card.length) }),
      effect: (shop, { amountCents }) => {
        const held: Authorization = {
          id: idOf(101 + shop.card.length),
          cents: amountCents,
          status: 'AUTHORIZED',
          refundedCents: 0,
        };
        return { ...shop, card: [...shop.card, held] };
      },
    })
    .on(voidPayment, {
      effect: (shop) => withCard(shop, (each) => (each.status === 'AUTHORIZED' ? { ...each, status: 'VOIDED' } : each)),
    })
    .on(capturePayment, {
      effect: (shop, { authorizationId }) => {
        const found = shop.card.find(({ id }) => id === authorizationId);
        if (found?.status === 'CAPTURED') return shop;
        if (found?.status !== 'AUTHORIZED') return refuse('authorization-expired');
        return withCard(shop, (each) => (each === found ? { ...each, status: 'CAPTURED' } : each));
      },
    })
    .on(refundPayment, {
      effect: (shop) => {
        const taken = takenCents(shop);
        return taken === 0 ? refuse('not-refundable') : paidBack(shop, taken);
      },
    })
    .on(reversePayment, { effect: (shop, { amountCents }) => paidBack(shop, amountCents) });
}

/** Newest first, as `Refunds.lock`. */
function paidBack(shop: World, cents: number): World {
  if (cents > takenCents(shop))
    throw new Error(`${cents} cents are to be refunded, but only ${takenCents(shop)} were taken`);
  let left = cents;
  const card = shop.card.toReversed().map((each) => {
    if (each.status !== 'CAPTURED') return each;
    const part = Math.min(left, each.cents - each.refundedCents);
    left -= part;
    return { ...each, refundedCents: each.refundedCents + part };
  });
  return { ...shop, card: card.toReversed() };
}

function exploreStock(explorer: ShopExplorer): ShopExplorer {
  return explorer
    .on(reserveStock, {
      reply: { reservationId: idOf(200) },
      effect: (shop, { orderId, lines }) => {
        const cups = countOf(lines);
        if (shop.stock.free < cups) return refuse('out-of-stock');
        return withReservation(shop, orderId, { cups, status: 'RESERVED' }, { free: -cups });
      },
    })
    .on(releaseStock, {
      effect: (shop, { orderId }) => {
        const found = shop.stock.reservations[orderId];
        if (found?.status !== 'RESERVED') return shop;
        return withReservation(shop, orderId, { ...found, status: 'RELEASED' }, { free: found.cups });
      },
    })
    .on(commitStock, {
      effect: (shop, { orderId }) => {
        const found = shop.stock.reservations[orderId];
        if (found?.status === 'COMMITTED') return shop;
        if (found?.status !== 'RESERVED') throw new Error('nothing is reserved');
        return withReservation(shop, orderId, { ...found, status: 'COMMITTED' }, { sold: found.cups });
      },
    })
    .on(returnStock, {
      effect: ({ stock, ...shop }, { lines }) => {
        const cups = countOf(lines);
        return { ...shop, stock: { ...stock, free: stock.free + cups, sold: stock.sold - cups } };
      },
    });
}

type Reservation = World['stock']['reservations'][string];

function withReservation(
  { stock, ...shop }: World,
  id: string,
  reservation: Reservation,
  { free = 0, sold = 0 }: { readonly free?: number; readonly sold?: number },
): World {
  const reservations = { ...stock.reservations, [id]: reservation };
  return { ...shop, stock: { free: stock.free + free, sold: stock.sold + sold, reservations } };
}

function withCard(shop: World, change: (each: Authorization) => Authorization): World {
  return { ...shop, card: shop.card.map(change) };
}

function takenCents({ card }: World): number {
  return card.reduce(
    (sum, { status, cents, refundedCents }) => sum + (status === 'CAPTURED' ? cents - refundedCents : 0),
    0,
  );
}

function heldCents({ card }: World): number {
  return card.reduce((sum, { status, cents }) => sum + (status === 'AUTHORIZED' ? cents : 0), 0);
}

/** Captures this amount; no other amount stays authorized. */
function isPaid(shop: World, cents: number): boolean {
  return takenCents(shop) === cents && heldCents(shop) === 0;
}

/** After its pivot a revision charges the requested price. */
function isAgreedTo({ status, differenceCents, agreedCents }: Revision): boolean {
  const isCharged = (status === 'COMMITTED' || status === 'DONE') && (differenceCents ?? 0) > 0;
  return !isCharged || agreedCents === differenceCents;
}

function approved({ order }: World): Order | undefined {
  return order?.status === 'APPROVED' ? order : undefined;
}

/** The units that are sold or reserved. */
function cupsTaken({ stock }: World): number {
  const reserved = Object.values(stock.reservations).filter(({ status }) => status === 'RESERVED');
  return stock.sold + reserved.reduce((sum, { cups }) => sum + cups, 0);
}

function countOf(lines: readonly OrderLine[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function requestLines(lines: readonly OrderLine[]): OrderLine[] {
  return lines.map(({ sku, quantity }) => ({ sku, quantity }));
}

function orderOf(cups: number, status: OrderStatus): Order {
  return {
    status,
    customerId: 'ada',
    currency: 'EUR',
    totalCents: cups * CUP_CENTS,
    lines: [{ sku: 'SKU-CUP', name: 'Porcelain cup', quantity: cups, unitPriceCents: CUP_CENTS }],
  };
}

function idOf(number: number): string {
  return `019b76da-a800-7000-8000-${number.toString(16).padStart(12, '0')}`;
}
