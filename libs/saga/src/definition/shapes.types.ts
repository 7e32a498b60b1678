/* Conditions, items, waits and children that must not compile. Nothing here runs: `npm run types` checks it. */
import { IsArray, IsBoolean, IsString } from 'class-validator';
import { defineCommand, defineSignal } from '../contract';
import { defineSaga } from './builder';

class Input {
  @IsString() orderId!: string;
  @IsArray() @IsString({ each: true }) parcels!: string[];
}
class OrderOf {
  @IsString() orderId!: string;
}
class Sent {
  @IsString() trackingId!: string;
}
class Consent {
  @IsBoolean() given!: boolean;
}
const send = defineCommand('post.send', { payload: OrderOf, reply: Sent, refusals: ['too-heavy'] });
const recall = defineCommand('post.recall', { payload: OrderOf });
const notify = defineCommand('order.notify', { payload: OrderOf, reply: Sent });
const consent = defineSignal('consent', { payload: Consent });

const orderOf = ({ input }: { input: { orderId: string } }): OrderOf => ({ orderId: input.orderId });
const sending = { invoke: send, payload: orderOf, compensation: { invoke: recall, payload: orderOf } };
const waiting = { signal: consent, timeout: '1d' } as const;
const saga = () => defineSaga({ name: 'types', version: 1, input: Input });

saga()
  .when(
    ({ input }) => input.parcels.length > 0,
    (some) => some.compensatable('post', sending),
  )
  .pivot('notify', {
    invoke: notify,
    // @ts-expect-error the reply of a step that runs under a condition may not be there
    payload: ({ post }) => ({ orderId: post.trackingId }),
  });

export const perhaps = saga()
  .parallel((branch) => ({ post: branch.when(({ input }) => input.parcels.length > 0, branch.compensatable(sending)) }))
  .pivot('notify', { invoke: notify, payload: ({ post }) => ({ orderId: post?.trackingId ?? '' }) });

saga().when(
  // @ts-expect-error a condition on the reply of a step that has not run
  ({ later }) => later !== undefined,
  (some) => some.compensatable('post', sending),
);

saga().when(
  () => true,
  // @ts-expect-error a pivot under a condition: the compiler could not decide which steps are safe after it
  (some) => some.pivot('notify', { invoke: notify, payload: orderOf }),
);

saga()
  .when(
    () => true,
    (some) => some.compensatable('post', sending),
  )
  // @ts-expect-error a step name used twice, in a condition
  .compensatable('post', sending);

export const items = saga()
  .forEach(
    'post',
    ({ input }) => input.parcels,
    (each) =>
      each.compensatable({ ...sending, payload: ({ item, index }) => ({ orderId: `${item.trim()} ${index}` }) }),
  )
  .pivot('notify', {
    invoke: notify,
    payload: ({ post }) => ({ orderId: post.map((each) => each.trackingId).join() }),
  });

saga().forEach(
  'post',
  // @ts-expect-error items that are no list
  ({ input }) => input.orderId,
  (each) => each.compensatable(sending),
);

saga().forEach(
  'post',
  ({ input }) => input.parcels,
  (each) =>
    // @ts-expect-error a type of item that differs from the list's
    each.compensatable({ ...sending, payload: ({ item }) => ({ orderId: item.orderId }) }),
);

saga()
  .pivot('notify', { invoke: notify, payload: orderOf })
  .forEach(
    'post',
    ({ input }) => input.parcels,
    // @ts-expect-error a branch that can be refused, after the pivot
    (each) => each.compensatable(sending),
  );

export const waits = saga()
  .wait('consent', { ...waiting, refusal: ({ signal }) => (signal.given ? undefined : 'no-consent') })
  .pivot('notify', { invoke: notify, payload: ({ consent: said }) => ({ orderId: String(said.given) }) });

// @ts-expect-error a default with another type than the signal's data
saga().wait('consent', { ...waiting, otherwise: () => ({ given: 'no' }) });

// @ts-expect-error a wait without a time limit could last for ever
saga().wait('consent', { signal: consent });

// @ts-expect-error after the pivot nothing is compensated, so a wait needs a default
saga().pivot('notify', { invoke: notify, payload: orderOf }).wait('consent', waiting);

saga()
  .pivot('notify', { invoke: notify, payload: orderOf })
  // @ts-expect-error after the pivot no signal can refuse
  .wait('consent', { ...waiting, otherwise: () => ({ given: true }), refusal: () => 'no' });

const reversible = defineSaga({ name: 'deliver', version: 1, input: OrderOf }).compensatable('post', sending).build();
const final = defineSaga({ name: 'deliver', version: 2, input: OrderOf })
  .retriable('notify', { invoke: notify, payload: orderOf })
  .build();

export const children = saga()
  .child('delivery', { saga: reversible, input: orderOf })
  .pivot('notify', { invoke: notify, payload: orderOf })
  .child('message', { saga: final, input: orderOf });

// @ts-expect-error a child that cannot be compensated, before the pivot
saga().child('delivery', { saga: final, input: orderOf });

// @ts-expect-error an input that does not fit the child
saga().child('delivery', { saga: reversible, input: () => ({ orderId: 1 }) });
