import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import type { EntityManager } from 'typeorm';
import type { EventContract, EventPayloadOf, SagaTypeError } from '../contract';
import { markHandler, OriginalErrorInterceptor, type AnyMethod, type NameOf, type Takes } from '../handlers';

/** Marks the handlers of events for Nest. */
export const EVENT_TRANSPORT = Symbol.for('palinode.events');

export interface EventExtras {
  readonly event: EventContract;
}

/** Nothing if the method can handle the event; otherwise a message, which the compiler shows. */
type HandlesEvent<Key, H extends AnyMethod, E extends EventContract> =
  // Every payload is an object only for something that the compiler has already rejected as a contract.
  object extends EventPayloadOf<E>
    ? void
    : Takes<H, [EventPayloadOf<E>, EntityManager]> extends true
      ? [ReturnType<H>] extends [Promise<void>]
        ? void
        : SagaTypeError<`${NameOf<Key>} must return a promise of nothing: make it async, and return no value`>
      : SagaTypeError<`${NameOf<Key>} must take the payload of its event, then an EntityManager`>;

/**
 * Makes a controller's method the handler of an event. It gets the checked payload and the EntityManager of the
 * transaction that also records the event as handled: writes through it happen once. When it throws, everything is
 * rolled back and it is called again after a while. After the last attempt the event is dead-lettered, and the next
 * ones follow.
 */
export function HandleEvent<E extends EventContract>(
  event: E,
): <H extends AnyMethod, Key extends string | symbol>(
  target: object,
  key: Key,
  descriptor: TypedPropertyDescriptor<H>,
) => HandlesEvent<Key, H, E> {
  const extras: EventExtras = { event };
  const handle = applyDecorators(
    MessagePattern(event.type, EVENT_TRANSPORT, extras),
    UseInterceptors(OriginalErrorInterceptor),
  );
  return <H extends AnyMethod, Key extends string | symbol>(
    target: object,
    key: Key,
    descriptor: TypedPropertyDescriptor<H>,
  ) => {
    // Nest passes only the payload unless the parameters are declared.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    handle(target, key, descriptor);
    markHandler(EVENT_TRANSPORT, descriptor.value);
    return undefined as HandlesEvent<Key, H, E>;
  };
}
