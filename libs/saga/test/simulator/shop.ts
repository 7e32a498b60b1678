/* The handlers of the simulated participants: pure functions of a service's books and a command's payload. */
import { refuse, type Command, type CommandContract, type Refusal } from '../../src/contract';
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
import {
  bookSeat,
  cancelInsurance,
  freeRoom,
  freeSeat,
  holdRoom,
  insure,
  issueTicket,
  sendTicket,
} from '../sample-shapes';

export const SERVICES = ['inventory', 'payment', 'order', 'rail', 'bank', 'hotel', 'post'] as const;
export type Service = (typeof SERVICES)[number];

/** Units that are free, held and gone, and the status of each order. Inventory counts goods, payment counts money. */
export interface Books {
  readonly free: number;
  readonly held: number;
  readonly gone: number;
  readonly orders: Readonly<Record<string, OrderStatus>>;
}

export type OrderStatus = 'PENDING' | 'HELD' | 'RELEASED' | 'GONE' | 'APPROVED' | 'REJECTED';

/** The books after a command, and its reply. */
export interface Handled {
  readonly books: Books;
  readonly reply?: object | undefined;
}

type Handler = (books: Books, orderId: string) => Handled | Refusal;

/** Throws for a command that can only arrive when the protocol is broken. */
function expect(books: Books, orderId: string, ...allowed: readonly (OrderStatus | undefined)[]): void {
  const status = books.orders[orderId];
  if (!allowed.includes(status)) throw new Error(`order ${orderId} is ${status ?? 'unknown'}`);
}

const mark = (books: Books, orderId: string, status: OrderStatus): Books => ({
  ...books,
  orders: { ...books.orders, [orderId]: status },
});

/** The order's id is the only name of what is held. */
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

/** Acts once per name; the compensation undoes it. */
const doOnce =
  (reply?: object): Handler =>
  (books, name) => {
    expect(books, name, undefined, 'RELEASED');
    return { books: mark(books, name, 'HELD'), reply };
  };

const undo: Handler = (books, name) => ({ books: mark(books, name, 'RELEASED') });

/** By the command's type; the handlers of one service share its books. */
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
      [insure, doOnce({ seat: 'policy' })],
      [cancelInsurance, undo],
      [bookSeat, doOnce({ seat: '7' })],
      [freeSeat, undo],
      [holdRoom, doOnce()],
      [freeRoom, undo],
      [issueTicket, doOnce()],
      [sendTicket, doOnce()],
    ] satisfies [CommandContract, Handler][]
  ).map(([contract, handle]) => [contract.type, { contract, handle }]),
);

/** An action and its compensation have the same object. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  [insure.type, 'insurance'],
  [cancelInsurance.type, 'insurance'],
  [holdRoom.type, 'room'],
  [freeRoom.type, 'room'],
]);

/** Names the object of a command. A trip has several seats, and a ticket. */
export function nameIn({ type, data }: Command): string {
  const { orderId, authorizationId, tripId, leg } = data as Record<string, string | undefined>;
  if (tripId !== undefined) return `${tripId}/${leg ?? OBJECTS.get(type) ?? type}`;
  return orderId ?? authorizationId ?? '';
}

/** Says what is wrong with these books at any moment; undefined when they are consistent. */
export function mistakeIn({ free, held, gone }: Books, total: number): string | undefined {
  if (free < 0 || held < 0) return `${free} free and ${held} held`;
  return free + held + gone === total ? undefined : `${free} free, ${held} held and ${gone} gone are not ${total}`;
}
