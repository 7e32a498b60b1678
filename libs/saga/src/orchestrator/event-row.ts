import { v7 as uuidV7 } from 'uuid';
import { schemaUri, sourceOf, writeEnvelope, type DomainEvent, type EventContract, type Topics } from '../contract';
import type { EventRow } from '../messaging';

/** An event of the orchestrator as a row of its outbox. */
export function eventRow<P extends object>(
  event: EventContract<P>,
  data: P,
  topics: Topics,
  traceparent?: string,
): Omit<EventRow, 'seq'> {
  const key = event.subject(data);
  const message: DomainEvent = {
    specversion: '1.0',
    id: uuidV7(),
    type: event.type,
    source: sourceOf(topics.orchestrator),
    time: new Date().toISOString(),
    subject: key,
    datacontenttype: 'application/json',
    dataschema: schemaUri(event.type),
    traceparent,
    data,
  };
  return { id: message.id, topic: topics.lifecycle, key, payload: writeEnvelope(message) };
}
