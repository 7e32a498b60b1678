import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { migrationsIn, ParticipantModule, participantMigrations } from '@palinode/saga/participant';
import { createInvoice, noteAdded, noteWithDrizzle, noteWithKnex, noteWithKysely, voidInvoice } from './contracts.js';
import { CreateInvoices1700000000000 } from './invoices/create-invoices.js';
import { EventLog } from './invoices/event-log.js';
import { InvoiceCommands } from './invoices/invoice-commands.js';
import { DrizzleNotes } from './notes/drizzle-notes.js';
import { KnexNotes } from './notes/knex-notes.js';
import { KyselyNotes } from './notes/kysely-notes.js';
import { tables } from './tables.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres' as const,
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...migrationsIn(tables, participantMigrations), CreateInvoices1700000000000],
        migrationsRun: true,
      }),
    }),
    TypeOrmModule.forRootAsync({
      name: 'archive',
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres' as const,
        url: config.getOrThrow<string>('ARCHIVE_DATABASE_URL'),
      }),
    }),
    ParticipantModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        service: 'billing',
        commands: [createInvoice, voidInvoice, noteWithDrizzle, noteWithKysely, noteWithKnex],
        events: [noteAdded],
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
        ...tables,
      }),
    }),
  ],
  controllers: [InvoiceCommands, DrizzleNotes, KyselyNotes, KnexNotes],
  providers: [EventLog],
})
export class AppModule {}
