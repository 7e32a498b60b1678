/* A small version of the order saga of the README, for the tests of this library. */
import { IsOptional, IsString } from 'class-validator';
import { defineCommand } from '../src/contract';
import { defineSaga, exponential } from '../src/definition';

export class Order {
  @IsString() orderId!: string;
}
export class Reserved {
  @IsString() reservationId!: string;
}
export class Authorized {
  @IsString() authorizationId!: string;
}
export class TakeBack {
  @IsString() orderId!: string;
  /** The action's reply, if it arrived. */
  @IsOptional() @IsString() seen?: string;
}
export class Capture {
  @IsString() authorizationId!: string;
}

export const reserveStock = defineCommand('inventory.reserve-stock', {
  payload: Order,
  reply: Reserved,
  refusals: ['out-of-stock'],
});
export const releaseStock = defineCommand('inventory.release-stock', { payload: TakeBack });
export const authorizePayment = defineCommand('payment.authorize', {
  payload: Order,
  reply: Authorized,
  refusals: ['card-declined'],
});
export const voidPayment = defineCommand('payment.void', { payload: TakeBack });
export const capturePayment = defineCommand('payment.capture', { payload: Capture, refusals: ['expired'] });
export const confirmOrder = defineCommand('order.confirm', { payload: Order });
export const commitStock = defineCommand('inventory.commit-stock', { payload: Order });
export const rejectOrder = defineCommand('order.reject', { payload: Order });

const orderOf = ({ input }: { input: Order }): Order => ({ orderId: input.orderId });
const commandOptions = {
  timeout: '5s',
  retry: { attempts: 3, backoff: exponential('1s', { cap: '4s' }), attentionAfter: 4 },
} as const;

/** order (compensation only) → stock ∥ payment → capture (pivot) → confirm → commit. */
export const placeOrder = defineSaga({ name: 'place-order', version: 1, input: Order, deadline: '15m' })
  .compensation('order', { invoke: rejectOrder, payload: orderOf, ...commandOptions })
  .parallel((branch) => ({
    stock: branch.compensatable({
      invoke: reserveStock,
      payload: orderOf,
      compensation: {
        invoke: releaseStock,
        payload: ({ input, reply }) => ({ orderId: input.orderId, seen: reply?.reservationId }),
        ...commandOptions,
      },
      ...commandOptions,
    }),
    payment: branch.compensatable({
      invoke: authorizePayment,
      payload: orderOf,
      compensation: {
        invoke: voidPayment,
        payload: ({ input, reply }) => ({ orderId: input.orderId, seen: reply?.authorizationId }),
        ...commandOptions,
      },
      ...commandOptions,
    }),
  }))
  .pivot('capture', {
    invoke: capturePayment,
    payload: ({ payment }) => ({ authorizationId: payment.authorizationId }),
    ...commandOptions,
  })
  .retriable('confirm', { invoke: confirmOrder, payload: orderOf, ...commandOptions })
  .retriable('commit', { invoke: commitStock, payload: orderOf, ...commandOptions })
  .build();

export const anOrder = (): Order => ({ orderId: 'o-1' });
export const reserved: Reserved = { reservationId: 'r-1' };
export const authorized: Authorized = { authorizationId: 'a-1' };
