import { anAcknowledgement, isKey, isMessageId, readLoosely, sourceOf } from '../contract';
import type { Envelope, Topics } from '../contract';
import { envelopeMessage, newId, type IncomingMessage, type OutgoingMessage } from '../messaging';

/** Collects the requests of services in a batch, to acknowledge them in one message per service. */
export class Receipts {
  private readonly bySource = new Map<string, string[]>();
  /** The sender of the orchestrator's own messages. Timers resend them, so they need no acknowledgement. */
  private readonly ownSource: string;

  /** The topics of the orchestrator's names, its own first. */
  constructor(private readonly ownTopics: readonly [Topics, ...Topics[]]) {
    this.ownSource = sourceOf(ownTopics[0].orchestrator);
  }

  /** Call this for each message of the command topic that was processed or dead-lettered. */
  add({ id, source }: Partial<Pick<Envelope, 'id' | 'source'>>): void {
    if (source === this.ownSource || !isKey(source) || !isMessageId(id)) return;
    const ids = this.bySource.get(source);
    if (ids) ids.push(id);
    else this.bySource.set(source, [id]);
  }

  /** A dead-lettered message need not be resent either. */
  addUnread({ topic, value }: IncomingMessage): void {
    if (this.ownTopics.some(({ commands }) => commands === topic)) this.add(readLoosely(value));
  }

  messages(): OutgoingMessage[] {
    return [...this.bySource].flatMap(([source, ids]) => {
      const text = JSON.stringify(anAcknowledgement(newId(), new Date(), this.ownSource, source, ids));
      return this.ownTopics.map(({ acknowledgements }) => envelopeMessage(acknowledgements, null, text));
    });
  }
}
