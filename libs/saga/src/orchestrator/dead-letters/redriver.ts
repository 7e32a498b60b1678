/*
 * Sends dead letters again. The decision to redrive is committed first; from then on the row itself is the outbox: what is
 * due is claimed, published and marked as sent. Whoever dies in between leaves it to the next, so that a message may be sent
 * twice and is never lost. It keeps its id, by which its receiver knows it.
 */
import { RecurringTask, type Headers, type Log, type OutgoingMessage, type Transport } from '../../messaging';
import { whyNotRedrivable, type DeadLetter, type Decision } from './dead-letter';
import type { DeadLetterStore } from './dead-letter-store';
import { WiringError, type Objection, type Topics } from '../../contract';

const EVERY_MS = 250;
const BATCH = 20;

/** What became of a decision. `letter` is the dead letter as it now stands; a decision made before stands. */
export type Outcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stands'; readonly letter: DeadLetter }
  | { readonly kind: 'decided-otherwise'; readonly letter: DeadLetter }
  | { readonly kind: 'not-redrivable'; readonly letter: DeadLetter; readonly objection: Objection };

export class Redriver {
  private readonly task: RecurringTask;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly transport: Transport,
    private readonly topics: Topics,
    private readonly log: Log,
  ) {
    this.task = new RecurringTask({
      name: 'send dead letters again',
      everyMs: EVERY_MS,
      work: () => this.sendDue(),
      log,
    });
  }

  start(): void {
    this.task.start();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /** Has the message sent again, once it is sure that this can help. */
  async redrive(id: string, decision: Omit<Decision, 'at'>): Promise<Outcome> {
    const letter = await this.store.find(id);
    if (letter === undefined) return { kind: 'unknown' };
    const objection = letter.status === 'open' ? whyNotRedrivable(letter, this.topics) : undefined;
    return objection ? { kind: 'not-redrivable', letter, objection } : this.decide(id, 'redriven', decision);
  }

  /** Leaves the message as it is, for good. */
  discard(id: string, decision: Omit<Decision, 'at'>): Promise<Outcome> {
    return this.decide(id, 'discarded', decision);
  }

  private async decide(id: string, status: 'redriven' | 'discarded', decision: Omit<Decision, 'at'>): Promise<Outcome> {
    const decided = await this.store.decide(id, status, decision);
    const letter = await this.store.find(id);
    if (letter === undefined) return { kind: 'unknown' };
    if (decided) this.log.log(`${decision.by}: dead letter ${id} is ${status}: ${decision.because}`);
    return { kind: letter.status === status ? 'stands' : 'decided-otherwise', letter };
  }

  private async sendDue(): Promise<boolean> {
    const letters = await this.store.claimDue(BATCH);
    if (letters.length === 0) return false;
    for (const topic of new Set(letters.map((letter) => letter.topic))) await this.ensure(topic);
    await this.transport.publish(letters.map(messageOf));
    await this.store.sent(letters.map(({ id }) => id));
    return letters.length === BATCH;
  }

  /** The letters of a topic that nobody can create are parked again when they are published; the others leave. */
  private async ensure(topic: string): Promise<void> {
    try {
      await this.transport.ensureTopics([topic]);
    } catch (error) {
      if (!(error instanceof WiringError)) throw error;
      this.log.warn(error.message);
    }
  }
}

/** The message as it came. */
function messageOf({ topic, key, value, headers }: DeadLetter): OutgoingMessage {
  const byName: Record<string, Buffer[]> = {};
  for (const [name, text] of headers) {
    const bytes = Buffer.from(text, 'base64');
    if (Object.hasOwn(byName, name)) byName[name]?.push(bytes);
    else Object.defineProperty(byName, name, { value: [bytes], enumerable: true });
  }
  return { topic, key, value, headers: byName satisfies Headers };
}
