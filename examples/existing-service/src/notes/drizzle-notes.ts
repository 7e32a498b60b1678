import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, Events, HandleCommand } from '@palinode/saga/participant';
import { drizzle } from 'drizzle-orm/node-postgres';
import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { AddNote, noteAdded, noteWithDrizzle } from '../contracts.js';

// #region note
const note = pgTable('note', { orderId: uuid('order_id').notNull(), writtenWith: text('written_with').notNull() });

@Controller()
export class DrizzleNotes {
  constructor(private readonly events: Events) {}

  @HandleCommand(noteWithDrizzle)
  async add({ orderId, throws }: AddNote, @Ctx() { client, transaction }: CommandContext): Promise<void> {
    const db = drizzle({ client });
    await db.insert(note).values({ orderId, writtenWith: 'drizzle' });
    await this.events.publish(transaction, noteAdded, { orderId });
    if (throws) throw new Error('Something has gone wrong.');
  }
}
// #endregion
