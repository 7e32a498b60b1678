/*
 * Ids are lower case with hyphens everywhere inside. HTTP requests may contain capitals, since people and other
 * programs write them; they are converted once, before anything is looked up, stored or sent. For Kafka messages the
 * parser requires the canonical form (envelope.ts).
 */
import { Transform } from 'class-transformer';
import { IsUUID } from 'class-validator';
import { canonicalId } from './message-id';

/** Decorates a request field that is a UUID; converts capitals to lower case. */
export function IsId(): PropertyDecorator {
  return (target, property) => {
    IsUUID()(target, property);
    MayBeId()(target, property);
  };
}

/**
 * Decorates a request field that may be a UUID, such as a business key; converts the capitals of a UUID to lower case.
 */
export function MayBeId(): PropertyDecorator {
  return Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? canonicalId(value) : value));
}
