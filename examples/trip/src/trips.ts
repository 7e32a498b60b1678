/* Takes trips over HTTP, and starts a saga for each. */
import { Body, Controller, HttpCode, Module, Post, ValidationPipe } from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { ParticipantModule, Sagas } from '@palinode/saga/participant';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { bookTrip, Trip } from './contracts.js';
import { database, kafka, serve } from './service.js';

class TripRequest extends OmitType(Trip, ['tripId']) {}

@Controller('trips')
class TripsController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly sagas: Sagas,
  ) {}

  /** Answers before the saga has ended; the orchestrator's `GET /v1/sagas/:id` shows what became of it. */
  @Post()
  @HttpCode(202)
  async book(@Body(new ValidationPipe({ whitelist: true, expectedType: TripRequest })) request: TripRequest) {
    const trip: Trip = { tripId: randomUUID(), ...request };
    const sagaId = await this.dataSource.transaction((tx) => this.sagas.start(tx, bookTrip, trip));
    return { tripId: trip.tripId, sagaId };
  }
}

@Module({
  imports: [database(), ParticipantModule.forRoot({ service: 'trips', commands: [], kafka })],
  controllers: [TripsController],
})
class TripsModule {}

await serve(TripsModule, 3020);
