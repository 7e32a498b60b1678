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
  const alike: Omit<CloudEvent<unknown>, 'id' | 'type' | 'source' | 'data'> = {
    specversion: '1.0',
    time: at.toISOString(),
    datacontenttype: 'application/json',
    dataschema: schemaUri(attributes.type),
  };
  return { ...alike, ...attributes } as unknown as Event;
}
