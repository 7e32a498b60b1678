import { Controller, Module } from '@nestjs/common';
import { HandleCommand, ParticipantModule } from '@palinode/saga/participant';
import { EntityManager, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bookHotel, cancelHotel, HotelBooked, OfTrip, Trip } from './contracts.js';
import { database, kafka, serve } from './service.js';

class CreateRooms1763700000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE room (trip_id uuid PRIMARY KEY, city text NOT NULL, day date NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE room');
  }
}

@Controller()
class HotelCommands {
  @HandleCommand(bookHotel, { transaction: 'per-batch' })
  async book({ tripId, city, day }: Trip, tx: EntityManager): Promise<HotelBooked> {
    await tx.query('INSERT INTO room (trip_id, city, day) VALUES ($1, $2, $3)', [tripId, city, day]);
    return { address: `1 Main Square, ${city}` };
  }

  @HandleCommand(cancelHotel, { transaction: 'per-batch' })
  async cancel({ tripId }: OfTrip, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM room WHERE trip_id = $1', [tripId]);
  }
}

@Module({
  imports: [
    database(CreateRooms1763700000001),
    ParticipantModule.forRoot({ service: 'hotels', commands: [bookHotel, cancelHotel], kafka }),
  ],
  controllers: [HotelCommands],
})
class HotelsModule {}

await serve(HotelsModule);
