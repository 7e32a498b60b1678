import {
  parseEvent,
  UnreadableMessageError,
  problemOf,
  canonicalData,
  type DomainEvent,
  type Objection,
} from '../contract';
import type { IncomingMessage } from '../messaging';
import type { RegisteredEventHandler } from './event-handlers';

/** An event on its way to its handler. */
export interface EventDelivery {
  readonly message: IncomingMessage;
  readonly event: DomainEvent;
  readonly handler: RegisteredEventHandler;
}

export type ReadEvent =
  | ({ readonly kind: 'delivery' } & EventDelivery)
  /** Nobody here wants to know it. */
  | { readonly kind: 'unknown'; readonly message: IncomingMessage; readonly event: DomainEvent }
  | { readonly kind: 'undeliverable'; readonly message: IncomingMessage; readonly objection: Objection };

/** Reads a message as an event for one of these handlers, by type. Fields that a payload does not name are let through. */
export function readEvent(message: IncomingMessage, handlers: ReadonlyMap<string, RegisteredEventHandler>): ReadEvent {
  let event: DomainEvent;
  try {
    event = parseEvent(message.value);
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    return { kind: 'undeliverable', message, objection: { reason: error.reason, detail: error.message } };
  }
  const handler = handlers.get(event.type);
  if (handler === undefined) return { kind: 'unknown', message, event };
  const data = canonicalData(handler.contract.payload, event.data);
  const detail = problemOf(handler.contract.payload, data);
  if (detail === undefined) return { kind: 'delivery', message, event: { ...event, data }, handler };
  return { kind: 'undeliverable', message, objection: { reason: 'invalid-payload', detail } };
}
