import {
  Body,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { BookStay } from '../contracts.js';
import { Bookings, type Booking } from './bookings.js';

class BookingRequest extends OmitType(BookStay, ['bookingId']) {}

@Controller('bookings')
export class BookingsController {
  constructor(private readonly bookings: Bookings) {}

  /** Answers before the saga has ended; `GET /bookings/:id` shows the outcome. */
  @Post()
  @HttpCode(202)
  book(@Body(new ValidationPipe({ whitelist: true, expectedType: BookingRequest })) request: BookingRequest) {
    return this.bookings.book(request);
  }

  @Get(':id')
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<Booking> {
    const booking = await this.bookings.find(id);
    if (booking === undefined) throw new NotFoundException(`There is no booking ${id}.`);
    return booking;
  }
}
