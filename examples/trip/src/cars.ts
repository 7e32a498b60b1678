import { Controller, Module } from '@nestjs/common';
import { HandleCommand, ParticipantModule } from '@palinode/saga/participant';
import { EntityManager, type MigrationInterface, type QueryRunner } from 'typeorm';
import { BookCar, bookCar, cancelCar, OfTrip } from './contracts.js';
import { database, kafka, serve } from './service.js';

class CreateCars1763700000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE car (trip_id uuid PRIMARY KEY, day date NOT NULL, deliver_to text NOT NULL)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE car');
  }
}

@Controller()
class CarCommands {
  @HandleCommand(bookCar, { transaction: 'per-batch' })
  async book({ tripId, day, deliverTo }: BookCar, tx: EntityManager): Promise<void> {
    await tx.query('INSERT INTO car (trip_id, day, deliver_to) VALUES ($1, $2, $3)', [tripId, day, deliverTo]);
  }

  @HandleCommand(cancelCar, { transaction: 'per-batch' })
  async cancel({ tripId }: OfTrip, tx: EntityManager): Promise<void> {
    await tx.query('DELETE FROM car WHERE trip_id = $1', [tripId]);
  }
}

@Module({
  imports: [
    database(CreateCars1763700000002),
    ParticipantModule.forRoot({ service: 'cars', commands: [bookCar, cancelCar], kafka }),
  ],
  controllers: [CarCommands],
})
class CarsModule {}

await serve(CarsModule);
