import { Injectable, Logger } from '@nestjs/common';
import { NotificationProvider, type CustomerMessage } from './notification-provider';

/** Sends nothing; it only logs. The message is in the table of notifications. */
@Injectable()
export class LogNotificationProvider extends NotificationProvider {
  private readonly log = new Logger('Postbox');

  async send({ customerId, subject, idempotencyKey }: CustomerMessage): Promise<void> {
    this.log.log(`to ${customerId}: ${subject} (${idempotencyKey})`);
  }
}
