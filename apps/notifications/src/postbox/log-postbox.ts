import { Injectable, Logger } from '@nestjs/common';
import { Postbox, type Letter } from './postbox';

/** Sends nothing: the message is in the table of notifications, and a line in the log says so. */
@Injectable()
export class LogPostbox extends Postbox {
  private readonly log = new Logger('Postbox');

  async post({ customerId, subject, idempotencyKey }: Letter): Promise<void> {
    this.log.log(`to ${customerId}: ${subject} (${idempotencyKey})`);
  }
}
