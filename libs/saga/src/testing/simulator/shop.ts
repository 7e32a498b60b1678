/* What the participants of a simulation do to the world: pure functions of a service's books and a command's payload. */
import { refuse, type CommandContract, type Refusal } from '../../contract';
import {
  authorizePayment,
  capturePayment,
  commitStock,
  confirmOrder,
  rejectOrder,
  releaseStock,
  reserveStock,
  voidPayment,
} from '../sample-saga';

export const SERVICES = ['inventory', 'payment', 'order'] as const;
export type Service = (typeof SERVICES)[number];

/** Units that are free, set aside and gone; and what became of each order. Inventory counts goods, payment money. */
export interface Books {
  readonly free: number;
  readonly held: number;
  readonly gone: number;
  readonly orders: Readonly<Record<string, OrderStatus>>;
}

export type OrderStatus = 'PENDING' | 'HELD' | 'RELEASED' | 'GONE' | 'APPROVED' | 'REJECTED';

/** What a handler made of the books, and what it replies. */
export interface Handled {
  readonly books: Books;
  readonly reply?: object | undefined;
}

type Handler = (books: Books, orderId: string) => Handled | Refusal;

/** Throws where a command can only come if the protocol is broken. */
function expect(books: Books, orderId: string, ...allowed: readonly (OrderStatus | undefined)[]): void {
  const status = books.orders[orderId];
  if (!allowed.includes(status)) throw new Error(`order ${orderId} is ${status ?? 'unknown'}`);
}

const mark = (books: Books, orderId: string, status: OrderStatus): Books => ({
  ...books,
  orders: { ...books.orders, [orderId]: status },
});

/** The order's own id is all that names what is held. */
const hold =
  (reply: (id: string) => object, reason: string): Handler =>
  (books, orderId) => {
    if (books.free === 0) return refuse(reason);
    const held = mark({ ...books, free: books.free - 1, held: books.held + 1 }, orderId, 'HELD');
    return { books: held, reply: reply(orderId) };
  };

const release: Handler = (books, orderId) => {
  if (books.orders[orderId] !== 'HELD') return { books };
  return { books: mark({ ...books, free: books.free + 1, held: books.held - 1 }, orderId, 'RELEASED') };
};

const take: Handler = (books, orderId) => {
  expect(books, orderId, 'HELD');
  return { books: mark({ ...books, held: books.held - 1, gone: books.gone + 1 }, orderId, 'GONE') };
};

const end =
  (status: 'APPROVED' | 'REJECTED'): Handler =>
  (books, orderId) => {
    expect(books, orderId, 'PENDING', status);
    return { books: mark(books, orderId, status) };
  };

/** By the command's type; those of one service work on the same books. */
export const HANDLERS: ReadonlyMap<string, { readonly contract: CommandContract; readonly handle: Handler }> = new Map(
  (
    [
      [reserveStock, hold((reservationId) => ({ reservationId }), 'out-of-stock')],
      [releaseStock, release],
      [commitStock, take],
      [authorizePayment, hold((authorizationId) => ({ authorizationId }), 'card-declined')],
      [voidPayment, release],
      [capturePayment, take],
      [confirmOrder, end('APPROVED')],
      [rejectOrder, end('REJECTED')],
    ] satisfies [CommandContract, Handler][]
  ).map(([contract, handle]) => [contract.type, { contract, handle }]),
);

/** What is wrong with these books, whatever the time; undefined when they add up. */
export function mistakeIn({ free, held, gone }: Books, total: number): string | undefined {
  if (free < 0 || held < 0) return `${free} free and ${held} held`;
  return free + held + gone === total ? undefined : `${free} free, ${held} held and ${gone} gone are not ${total}`;
}
