/*
 * An id is written in lower case, with hyphens, everywhere inside. HTTP is where people and programs of others type ids, so
 * there capitals are let in and written small, once, before anything is looked up, kept or sent; what is sent over Kafka is
 * held to the canonical form by its parser (envelope.ts).
 */
import { Transform } from 'class-transformer';
import { IsUUID } from 'class-validator';
import { canonicalId } from './message-id';

/** For a field of a request that is a UUID: capitals are written small. */
export function IsId(): PropertyDecorator {
  return (target, property) => {
    IsUUID()(target, property);
    MayBeId()(target, property);
  };
}

/** For a field of a request that may be a UUID, such as a business key: one with capitals is written small. */
export function MayBeId(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? canonicalId(value) : value));
}
