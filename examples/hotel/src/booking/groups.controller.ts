import {
  Body,
  Controller,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { OmitType } from '@nestjs/swagger';
import { BookGroup, GuestConsent } from '../group-contracts.js';
import { Groups } from './groups.js';

class GroupRequest extends OmitType(BookGroup, ['bookingId']) {}

@Controller('groups')
export class GroupsController {
  constructor(private readonly groups: Groups) {}

  /** Answers before the saga has ended; `GET /bookings/:id` shows the outcome. */
  @Post()
  @HttpCode(202)
  book(@Body(new ValidationPipe({ whitelist: true, expectedType: GroupRequest })) request: GroupRequest) {
    return this.groups.book(request);
  }

  @Post(':id/consent')
  @HttpCode(202)
  async answer(
    @Param('id', ParseUUIDPipe) id: string,
    @Body(new ValidationPipe({ whitelist: true, expectedType: GuestConsent })) consent: GuestConsent,
  ): Promise<void> {
    if (!(await this.groups.answer(id, consent))) throw new NotFoundException(`No group waits for an answer as ${id}.`);
  }
}
