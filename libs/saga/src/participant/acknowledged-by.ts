import { parseAcknowledgement, sourceOf, UnreadableMessageError } from '../contract';
import type { IncomingMessage, Log } from '../messaging';

/** The ids of this service's messages that this message acknowledges; none when it cannot be read. */
export function acknowledgedBy({ value }: IncomingMessage, service: string, log: Log): readonly string[] {
  try {
    const { to, ids } = parseAcknowledgement(value).data;
    return to === sourceOf(service) ? ids : [];
  } catch (error) {
    if (!(error instanceof UnreadableMessageError)) throw error;
    log.warn(`an acknowledgement cannot be read: ${error.message}`);
    return [];
  }
}
