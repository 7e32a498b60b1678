import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { EventContract, EventPayloadOf } from '../contract';
import { markHandler, OriginalErrorInterceptor } from '../handlers';

/** By this Nest tells the handlers of events from those of other transports. */
export const EVENT_TRANSPORT = Symbol.for('palinode.events');

export interface EventExtras {
  readonly event: EventContract;
}

/**
 * Makes a controller's method the handler of an event, with the payload, checked, and the EntityManager of the transaction
 * that also remembers the event: what it writes through it happens once. When it throws, all of that is rolled back and it
 * is called again after a while; after the last attempt the event is parked as a dead letter, and the next ones follow.
 */
export function HandleEvent<E extends EventContract>(
  event: E,
): <H extends (payload: EventPayloadOf<E>, tx: EntityManager) => Promise<void>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void {
  const extras: EventExtras = { event };
  const handle = applyDecorators(
    MessagePattern(event.type, EVENT_TRANSPORT, extras),
    UseInterceptors(OriginalErrorInterceptor),
  );
  return (target, key, descriptor) => {
    // Nest hands over the payload alone unless it is told what the parameters are.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    handle(target, key, descriptor);
    markHandler(EVENT_TRANSPORT, descriptor.value);
  };
}
