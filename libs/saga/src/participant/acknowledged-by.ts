import { parseAcknowledgement, sourceOf, UnreadableMessageError } from '../contract';
import type { IncomingMessage, Log } from '../messaging';

/** The ids of this service's messages that are acknowledged here. What cannot be read acknowledges nothing. */
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
