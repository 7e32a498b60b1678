/** A message to a customer. */
export interface CustomerMessage {
  /** The same for every repetition of this message, so that a provider can deduplicate. */
  readonly idempotencyKey: string;
  readonly customerId: string;
  readonly subject: string;
  readonly text: string;
}

/**
 * Sends messages to customers; a mail or push provider implements it. It is called at least once for each message, with the
 * same key, because this service may die between the call and its commit. When it throws, the event is retried.
 */
export abstract class NotificationProvider {
  abstract send(letter: CustomerMessage): Promise<void>;
}
