import { Module } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SubscriberModule, subscriberMigrations } from '@palinode/saga/subscriber';
import { CreateLetters1763700000005 } from './create-letters.js';
import { Letters } from './letters.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    TypeOrmModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        type: 'postgres',
        url: config.getOrThrow<string>('DATABASE_URL'),
        migrations: [...subscriberMigrations, CreateLetters1763700000005],
        migrationsRun: true,
      }),
    }),
    SubscriberModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        group: 'letters',
        kafka: { brokers: config.getOrThrow<string>('KAFKA_BROKERS').split(',') },
      }),
    }),
  ],
  controllers: [Letters],
})
export class LettersModule {}
