/* Code that must not compile. Nothing here runs: `npm run types` fails when one of these lines begins to compile. */
import { IsArray, IsInt, IsOptional, IsString } from 'class-validator';
import { defineCommand } from '../contract';
import { defineSaga } from './builder';

class Input {
  @IsString() orderId!: string;
}
class Reserve {
  @IsString() orderId!: string;
  @IsInt() quantity!: number;
  @IsOptional() @IsString() couponCode?: string;
}
class Parcel {
  @IsOptional() @IsInt() weight?: number;
}
class Ship {
  @IsString() orderId!: string;
  @IsArray() parcels!: Parcel[];
}
class Reserved {
  @IsString() reservationId!: string;
}
const reserve = defineCommand('stock.reserve', { payload: Reserve, reply: Reserved, refusals: ['out-of-stock'] });
const release = defineCommand('stock.release', { payload: Input });
const ship = defineCommand('stock.ship', { payload: Ship });
const approve = defineCommand('order.approve', { payload: Input });

const payload = ({ input }: { input: Input }): Reserve => ({ orderId: input.orderId, quantity: 1 });
const orderOf = ({ input }: { input: Input }): Input => ({ orderId: input.orderId });
const reserving = { invoke: reserve, payload, compensation: { invoke: release, payload: orderOf } };
const saga = () => defineSaga({ name: 'types', version: 1, input: Input });

export const reads = saga()
  .compensatable('stock', reserving)
  .pivot('second', { invoke: approve, payload: ({ stock }) => ({ orderId: stock.reservationId }) });

// @ts-expect-error reading the reply of a step that has not run
saga().pivot('first', { invoke: approve, payload: ({ later }) => ({ orderId: later.reservationId }) });

saga().parallel((branch) => ({
  left: branch.compensatable(reserving),
  right: branch.compensatable({
    ...reserving,
    // @ts-expect-error reading the reply of a sibling branch
    payload: ({ left }) => ({ orderId: left.reservationId, quantity: 1 }),
  }),
}));

// @ts-expect-error a payload with a field missing
saga().pivot('first', { invoke: reserve, payload: ({ input }) => ({ orderId: input.orderId }) });

// @ts-expect-error a payload with an optional field misspelled
saga().pivot('first', { invoke: reserve, payload: ({ input }) => ({ ...input, quantity: 1, cuponCode: 'x' }) });

// @ts-expect-error a payload with an optional field misspelled, within a list
saga().pivot('first', { invoke: ship, payload: ({ input }) => ({ ...input, parcels: [{ weigth: 1 }] }) });

export const exactly = saga().pivot('first', {
  invoke: ship,
  payload: ({ input }) => ({ ...input, parcels: [{ weight: 1 }, {}] }),
});

saga().compensatable('stock', {
  ...reserving,
  // @ts-expect-error a compensation with a field too many
  compensation: { invoke: release, payload: ({ input }) => ({ orderId: input.orderId, why: 'nothing' }) },
});

// @ts-expect-error a step name used twice
saga().compensatable('stock', reserving).pivot('stock', { invoke: approve, payload: orderOf });

saga()
  .compensatable('stock', reserving)
  // @ts-expect-error a step name used twice, in a branch
  .parallel((branch) => ({ stock: branch.compensatable(reserving) }));

// @ts-expect-error a compensatable step without its compensation
saga().compensatable('stock', { invoke: reserve, payload });

// @ts-expect-error a compensatable step after the pivot
saga().pivot('first', { invoke: approve, payload: orderOf }).compensatable('stock', reserving);

// @ts-expect-error a second pivot
saga().pivot('first', { invoke: approve, payload: orderOf }).pivot('second', { invoke: approve, payload: orderOf });

// @ts-expect-error a retriable step whose command can be refused
saga().retriable('stock', { invoke: reserve, payload });

// @ts-expect-error a compensation whose command can be refused
saga().compensatable('stock', { invoke: reserve, payload, compensation: { invoke: reserve, payload } });

saga().compensatable('stock', {
  ...reserving,
  // @ts-expect-error after a timeout the action's reply may never have been seen
  compensation: { invoke: release, payload: ({ reply }) => ({ orderId: reply.reservationId }) },
});

export const tellsWhy = saga()
  .compensation('order', { invoke: release, payload: ({ cause }) => ({ orderId: cause.reason }) })
  .compensatable('stock', {
    ...reserving,
    compensation: { invoke: release, payload: ({ cause }) => ({ orderId: cause.reason }) },
  });

saga().compensatable('stock', {
  ...reserving,
  // @ts-expect-error an action has no cause: nothing is being compensated
  payload: ({ cause }) => ({ orderId: cause.reason, quantity: 1 }),
});
