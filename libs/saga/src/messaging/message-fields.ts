import { readLoosely, shorten } from '../contract';
import { definedFields, type LogFields } from './logger';
import type { HookContext } from './hooks';
import type { IncomingMessage, OutgoingMessage } from './transport';

/** What a log line says of its message, so that a search for one of these ids finds the line. */
export function messageFields(message: object): LogFields {
  const { id, sagaid, subject, type, sagastep, sagadirection, sagaattempt } = message as Record<string, unknown>;
  return definedFields({
    saga: text(sagaid),
    messageId: text(id),
    subject: text(subject),
    type: text(type),
    step: text(sagastep),
    direction: text(sagadirection),
    attempt: typeof sagaattempt === 'number' ? sagaattempt : undefined,
  });
}

/** The same of a message as it came, which may be unreadable, and its position. */
export function incomingFields({ topic, partition, offset, value }: IncomingMessage): LogFields {
  return { ...messageFields(readLoosely(value)), topic, partition, offset };
}

/** The same of a message on its way out. */
export function outgoingFields({ topic, value }: Pick<OutgoingMessage, 'topic' | 'value'>): LogFields {
  return { ...messageFields(readLoosely(value === null ? null : Buffer.from(value as string))), topic };
}

/** The same of a message at a hook. */
export function contextFields({
  sagaId: saga,
  messageId,
  subject,
  command,
  direction,
  attempt,
}: HookContext): LogFields {
  return definedFields({ saga, messageId, subject, command, direction, attempt });
}

function text(attribute: unknown): string | undefined {
  return typeof attribute === 'string' ? shorten(attribute, 200) : undefined;
}
