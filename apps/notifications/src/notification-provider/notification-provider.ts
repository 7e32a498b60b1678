import { Injectable, Logger } from '@nestjs/common';

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

/** Sends nothing; it only logs. The message is in the table of notifications. */
@Injectable()
export class LogNotificationProvider extends NotificationProvider {
  private readonly log = new Logger('Postbox');

  async send({ customerId, subject, idempotencyKey }: CustomerMessage): Promise<void> {
    this.log.log(`to ${customerId}: ${subject} (${idempotencyKey})`);
  }
}
