import { Controller } from '@nestjs/common';
import { Ctx } from '@nestjs/microservices';
import { CommandContext, Events, HandleCommand } from '@palinode/saga/participant';
import { Kysely, PostgresDialect } from 'kysely';
import type { PoolClient } from 'pg';
import { AddNote, noteAdded, noteWithKysely } from '../contracts.js';

interface Database {
  note: { order_id: string; written_with: string };
}

// #region kysely-on
/** Kysely on one client: it asks a pool for it, and `release` of this client gives nothing back. */
const kyselyOn = (client: PoolClient): Kysely<Database> =>
  new Kysely({
    dialect: new PostgresDialect({ pool: { options: {}, connect: async () => client, end: async () => {} } }),
  });

@Controller()
export class KyselyNotes {
  constructor(private readonly events: Events) {}

  @HandleCommand(noteWithKysely)
  async add({ orderId, throws }: AddNote, @Ctx() { client, transaction }: CommandContext): Promise<void> {
    const db = kyselyOn(client);
    await db.insertInto('note').values({ order_id: orderId, written_with: 'kysely' }).execute();
    await this.events.publish(transaction, noteAdded, { orderId });
    if (throws) throw new Error('Something has gone wrong.');
  }
}
// #endregion
