import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, Events, HandleCommand } from '@palinode/saga/participant';
import knex from 'knex';
import { AddNote, noteAdded, noteWithKnex } from '../contracts.js';

// #region db
/** Builds statements; without `connection` it has no pool, and each statement names its own. */
const db = knex.default({ client: 'pg' });

@Controller()
export class KnexNotes {
  constructor(private readonly events: Events) {}

  @HandleCommand(noteWithKnex)
  async add({ orderId, throws }: AddNote, @Ctx() { client, transaction }: CommandContext): Promise<void> {
    await db('note').insert({ order_id: orderId, written_with: 'knex' }).connection(client);
    await this.events.publish(transaction, noteAdded, { orderId });
    if (throws) throw new Error('Something has gone wrong.');
  }
}
// #endregion
