import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { EventContract, EventPayloadOf } from '../contract';
import { markHandler, OriginalErrorInterceptor } from '../handlers';

/** Marks the handlers of events for Nest. */
export const EVENT_TRANSPORT = Symbol.for('palinode.events');

export interface EventExtras {
  readonly event: EventContract;
}

/**
 * Makes a controller's method the handler of an event. It gets the checked payload and the EntityManager of the
 * transaction that also records the event as handled: writes through it happen once. When it throws, everything is
 * rolled back and it is called again after a while. After the last attempt the event is dead-lettered, and the next
 * ones follow.
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
    // Nest passes only the payload unless the parameters are declared.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    handle(target, key, descriptor);
    markHandler(EVENT_TRANSPORT, descriptor.value);
  };
}
