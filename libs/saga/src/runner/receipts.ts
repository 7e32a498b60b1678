import { anAcknowledgement, isKey, isMessageId, readLoosely, sourceOf } from '../contract';
import type { Envelope, Topics } from '../contract';
import { envelopeMessage, newId, type IncomingMessage, type OutgoingMessage } from '../messaging';

/** What services have asked in a flush, to be acknowledged in one message for each of them. */
export class Receipts {
  private readonly bySource = new Map<string, string[]>();
  /** What the orchestrator's own messages say of their sender. They are sent again by timers, and need no receipt. */
  private readonly ownSource: string;

  /** By whose topics services ask and are told, the orchestrator's own first. */
  constructor(private readonly heard: readonly [Topics, ...Topics[]]) {
    this.ownSource = sourceOf(heard[0].orchestrator);
  }

  /** To be called for what is taken from the command topic, and for what is parked. */
  add({ id, source }: Partial<Pick<Envelope, 'id' | 'source'>>): void {
    if (source === this.ownSource || !isKey(source) || !isMessageId(id)) return;
    const ids = this.bySource.get(source);
    if (ids) ids.push(id);
    else this.bySource.set(source, [id]);
  }

  /** What is parked is not to be sent again either. */
  addUnread({ topic, value }: IncomingMessage): void {
    if (this.heard.some(({ commands }) => commands === topic)) this.add(readLoosely(value));
  }

  messages(): OutgoingMessage[] {
    return [...this.bySource].flatMap(([source, ids]) => {
      const text = JSON.stringify(anAcknowledgement(newId(), new Date(), this.ownSource, source, ids));
      return this.heard.map(({ acknowledgements }) => envelopeMessage(acknowledgements, null, text));
    });
  }
}
