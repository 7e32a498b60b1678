/*
 * Sends dead letters again. The decision to redrive is committed first; from then on the row is its own outbox: it is
 * claimed, published and marked as sent. If the process dies in between, another one continues, so a message may be
 * sent twice and is never lost. It keeps its id, by which its receiver deduplicates it.
 */
import { shorten, ConfigurationError, type Rejection, type Topics } from '../contract';
import {
  originalHeaders,
  RecurringTask,
  type Headers,
  type IncomingMessage,
  type Log,
  type OutgoingMessage,
  type Transport,
} from '../messaging';
import { whyNotRedrivable, type DeadLetter, type NewDeadLetterDecision } from './dead-letter';
import type { DeadLetterStore } from './dead-letter-store';

const EVERY_MS = 250;
const BATCH = 20;

/** The result of a decision. `letter` is the dead letter as it is now; an earlier decision is not changed. */
export type RedriveOutcome =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'stands'; readonly letter: DeadLetter }
  | { readonly kind: 'decided-otherwise'; readonly letter: DeadLetter }
  | { readonly kind: 'not-redrivable'; readonly letter: DeadLetter; readonly rejection: Rejection }
  /** Nothing proves that the message was ever where the letter says. */
  | { readonly kind: 'doubted'; readonly letter: DeadLetter; readonly rejection: Rejection };

/** Why a decision has no effect. */
export type Obstacle = Exclude<RedriveOutcome, { kind: 'stands' }>;

export class Redriver {
  private readonly task: RecurringTask;

  constructor(
    private readonly store: DeadLetterStore,
    private readonly transport: Transport,
    /** The topics that the orchestrator reads: of its own name and of its former one. */
    private readonly ownTopics: readonly [Topics, ...Topics[]],
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

  /** Why it does not work; undefined while all is well. */
  problem(): string | undefined {
    return this.task.problem();
  }

  async stop(): Promise<void> {
    await this.task.stop();
  }

  /**
   * Sends the message again, after checking that this can help and that the message was where the letter says: write
   * access to the topic of dead letters must not grant write access to all other topics. `override` is the reason to
   * redrive it without that proof.
   */
  async redrive(id: string, decision: NewDeadLetterDecision, override?: string): Promise<RedriveOutcome> {
    const letter = await this.store.find(id);
    if (letter === undefined) return { kind: 'unknown' };
    if (letter.status !== 'open') return this.decide(id, 'redriven', decision);
    const obstacle = await this.obstacleToRedrive(letter);
    if (obstacle === undefined) return this.decide(id, 'redriven', decision);
    if (obstacle.kind !== 'doubted' || override === undefined) return obstacle;
    const { reason, detail = '' } = obstacle.rejection;
    const overridden = { because: override, doubt: `${reason}: ${detail}` };
    return this.decide(id, 'redriven', { ...decision, override: overridden });
  }

  /** Why a decision would have no effect now; undefined when it would. */
  async obstacleTo(action: 'redrive' | 'discard', id: string): Promise<Obstacle | undefined> {
    const letter = await this.store.find(id);
    if (letter === undefined) return { kind: 'unknown' };
    if (letter.status !== 'open') return { kind: 'decided-otherwise', letter };
    return action === 'redrive' ? this.obstacleToRedrive(letter) : undefined;
  }

  private async obstacleToRedrive(letter: DeadLetter): Promise<Obstacle | undefined> {
    const rejection = whyNotRedrivable(letter, this.ownTopics);
    if (rejection) return { kind: 'not-redrivable', letter, rejection };
    const doubt = await this.doubtOf(letter);
    return doubt && { kind: 'doubted', letter, rejection: doubt };
  }

  /** Why the message may be forged; undefined when it is, byte for byte, at the place that the letter names. */
  private async doubtOf(letter: DeadLetter): Promise<Rejection | undefined> {
    const { topic, partition, offset } = letter;
    const where = `${topic}/${partition} at offset ${offset}`;
    let found;
    try {
      found = await this.transport.messageAt({ topic, partition, offset });
    } catch (error) {
      return {
        reason: 'not-read',
        detail: `The message in ${where} could not be read: ${shorten(String(error), 300)}`,
      };
    }
    if (found === undefined) {
      const detail = `There is no message in ${where}: the broker has removed it since, or there never was one.`;
      return { reason: 'not-there', detail };
    }
    if (isSameMessage(letter, found)) return undefined;
    const detail = `The message in ${where} is another one: a writer to ${this.ownTopics[0].deadLetters} may have forged this one.`;
    return { reason: 'not-the-same', detail };
  }

  /** Marks the message as discarded; this is final. */
  discard(id: string, decision: NewDeadLetterDecision): Promise<RedriveOutcome> {
    return this.decide(id, 'discarded', decision);
  }

  private async decide(
    id: string,
    status: 'redriven' | 'discarded',
    decision: NewDeadLetterDecision,
  ): Promise<RedriveOutcome> {
    const decided = await this.store.decide(id, status, decision);
    const letter = await this.store.find(id);
    if (letter === undefined) return { kind: 'unknown' };
    if (decided) this.log.log(`${decision.by}: dead letter ${id} is ${status}: ${decision.because}`);
    if (decided && decision.override)
      this.log.warn(`${decision.by} overrides for dead letter ${id}: ${Object.values(decision.override).join('; ')}`);
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

  /** Letters of a topic that cannot be created are dead-lettered again when they are published; the others are sent. */
  private async ensure(topic: string): Promise<void> {
    try {
      await this.transport.ensureTopics([topic]);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.log.warn(error.message);
    }
  }
}

/** The same bytes in key, value and headers. */
function isSameMessage({ key, value, headers }: DeadLetter, found: IncomingMessage): boolean {
  const bytes = (part: Buffer | null): string | undefined => part?.toString('base64');
  return (
    bytes(key) === bytes(found.key) &&
    bytes(value) === bytes(found.value) &&
    JSON.stringify(headers) === JSON.stringify(originalHeaders(found.headers))
  );
}

/** The message as it arrived. */
function messageOf({ topic, key, value, headers }: DeadLetter): OutgoingMessage {
  const byName: Record<string, Buffer[]> = {};
  for (const [name, text] of headers) {
    const bytes = Buffer.from(text, 'base64');
    if (Object.hasOwn(byName, name)) byName[name]?.push(bytes);
    else Object.defineProperty(byName, name, { value: [bytes], enumerable: true });
  }
  return { topic, key, value, headers: byName satisfies Headers };
}
