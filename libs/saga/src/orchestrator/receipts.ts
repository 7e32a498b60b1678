import { v7 as uuidV7 } from 'uuid';
import {
  ACKNOWLEDGEMENTS,
  anAcknowledgement,
  isKey,
  isMessageId,
  ORCHESTRATOR_COMMANDS,
  readLoosely,
} from '../contract';
import type { Envelope } from '../contract';
import { envelopeMessage, type IncomingMessage, type OutgoingMessage } from '../messaging';

/** What the orchestrator's own messages say of their sender. They are sent again by timers, and need no receipt. */
const OWN_SOURCE = '/palinode/orchestrator';

/** What services have asked in a flush, to be acknowledged in one message for each of them. */
export class Receipts {
  private readonly bySource = new Map<string, string[]>();

  /** To be called for what is taken from the command topic, and for what is parked. */
  add({ id, source }: Partial<Pick<Envelope, 'id' | 'source'>>): void {
    if (source === OWN_SOURCE || !isKey(source) || !isMessageId(id)) return;
    const ids = this.bySource.get(source);
    if (ids) ids.push(id);
    else this.bySource.set(source, [id]);
  }

  /** What is parked is not to be sent again either. */
  addUnread({ topic, value }: IncomingMessage): void {
    if (topic === ORCHESTRATOR_COMMANDS) this.add(readLoosely(value));
  }

  messages(): OutgoingMessage[] {
    return [...this.bySource].map(([source, ids]) => {
      const text = JSON.stringify(anAcknowledgement(uuidV7(), new Date(), source, ids));
      return envelopeMessage(ACKNOWLEDGEMENTS, null, text);
    });
  }
}
