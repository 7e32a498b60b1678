/* Explorations that must not compile. Nothing here runs: `npm run types` fails when one of these lines compiles. */
import { refuse } from '../../contract';
import { anOrder, confirmOrder, placeOrder, reserved, reserveStock } from '../../../test/sample-saga';
import { explore } from './explore';

export function refused(): void {
  const explorer = explore(placeOrder).world({ free: 1 });

  // @ts-expect-error an input of another shape
  explorer.start({ orderId: 1 });

  // @ts-expect-error a reply of another shape
  explorer.on(reserveStock, { reply: anOrder() });

  // @ts-expect-error no reply where the contract has one
  explorer.on(reserveStock, {});

  // @ts-expect-error a reply to a command that is answered without data
  explorer.on(confirmOrder, { reply: reserved });

  // @ts-expect-error an effect that makes another world
  explorer.on(confirmOrder, { effect: () => ({ free: 'one' }) });

  // @ts-expect-error a refusal that the contract does not declare
  explorer.on(reserveStock, { reply: reserved, effect: () => refuse('card-declined') });

  // @ts-expect-error a promise about something that the world does not have
  explorer.always('nothing', ({ reserved: none }) => none === 0);
}
