import {
  instantOf,
  isKey,
  isMessageId,
  parseEvent,
  readLoosely,
  UnreadableMessageError,
  problemOf,
  canonicalData,
  type DomainEvent,
  type Rejection,
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
  /** An event without a handler here. It may be from another publisher, so only its type is read. */
  | { readonly kind: 'unknown'; readonly message: IncomingMessage; readonly type: string }
  | { readonly kind: 'undeliverable'; readonly message: IncomingMessage; readonly rejection: Rejection };

/** Reads a message as an event for one of these handlers, by type. Fields that a payload does not name are accepted. */
export function readEvent(message: IncomingMessage, handlers: ReadonlyMap<string, RegisteredEventHandler>): ReadEvent {
  let event: DomainEvent;
  try {
    event = parseEvent(message.value);
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    const { type } = readLoosely(message.value) as { type?: unknown };
    if (isKey(type) && !handlers.has(type)) return { kind: 'unknown', message, type };
    return { kind: 'undeliverable', message, rejection: { reason: error.reason, detail: error.message } };
  }
  const handler = handlers.get(event.type);
  if (handler === undefined) return { kind: 'unknown', message, type: event.type };
  const data = canonicalData(handler.contract.payload, event.data);
  const detail = problemOf(handler.contract.payload, data);
  if (detail === undefined) return { kind: 'delivery', message, event: { ...event, data }, handler };
  return { kind: 'undeliverable', message, rejection: { reason: 'invalid-payload', detail } };
}

/** When the event in a message was created, according to its id. */
export function madeAt(message: IncomingMessage): Date | undefined {
  const { id } = readLoosely(message.value) as { id?: unknown };
  return isMessageId(id) ? new Date(instantOf(id)) : undefined;
}
