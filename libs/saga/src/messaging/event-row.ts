import { cloudEvent, sourceOf, writeEnvelope, type DomainEvent, type EventContract, type Topics } from '../contract';
import type { EventRow } from './event-outbox';
import { newId } from './new-id';

/** An event of the orchestrator as a row of its outbox. */
export function eventRow<P extends object>(
  event: EventContract<P>,
  data: P,
  topics: Topics,
  traceparent?: string,
): Omit<EventRow, 'seq'> {
  const key = event.subject(data);
  const message = cloudEvent<DomainEvent>(new Date(), {
    id: newId(),
    type: event.type,
    source: sourceOf(topics.orchestrator),
    subject: key,
    traceparent,
    data,
  });
  return { id: message.id, topic: topics.lifecycle, key, payload: writeEnvelope(message) };
}
