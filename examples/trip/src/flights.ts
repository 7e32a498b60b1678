import { Controller, Module } from '@nestjs/common';
import { refuse, type Refusal } from '@palinode/saga/contract';
import { HandleCommand, ParticipantModule } from '@palinode/saga/participant';
import { EntityManager, type MigrationInterface, type QueryRunner } from 'typeorm';
import { bookFlight, Trip } from './contracts.js';
import { database, kafka, serve } from './service.js';

/** The plane of each day has one seat left. */
class CreateSeats1763700000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE seat (city text, day date, trip_id uuid NOT NULL, PRIMARY KEY (city, day))');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE seat');
  }
}

// #region commands
@Controller()
class FlightCommands {
  @HandleCommand(bookFlight, { transaction: 'per-batch' })
  async book({ tripId, city, day }: Trip, tx: EntityManager): Promise<void | Refusal<'sold-out'>> {
    const booked: unknown[] = await tx.query(
      `INSERT INTO seat (city, day, trip_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING trip_id`,
      [city, day, tripId],
    );
    if (booked.length === 0) return refuse('sold-out', `The flight to ${city} on ${day} is sold out.`);
  }
}
// #endregion

@Module({
  imports: [
    database(CreateSeats1763700000003),
    ParticipantModule.forRoot({ service: 'flights', commands: [bookFlight], kafka }),
  ],
  controllers: [FlightCommands],
})
class FlightsModule {}

await serve(FlightsModule);
