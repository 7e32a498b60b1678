import { Body, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { OrderParams } from '../orders/order-messages';
import { OrderRevising } from './order-revising';
import { ConsentRequest, ConsentTaken, Revision, RevisionAccepted, RevisionRequest } from './revision-messages';
import { Revisions } from './revisions';

@HttpController('orders/:id')
export class RevisingController {
  constructor(
    private readonly revising: OrderRevising,
    private readonly revisions: Revisions,
  ) {}

  @Get('revisions')
  @ApiOkResponse({ type: [Revision], description: 'Oldest first' })
  list(@Param() { id }: OrderParams): Promise<Revision[]> {
    return this.revisions.ofOrder(id);
  }

  @Post('revisions')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Changes the lines of an order, as soon as it is approved' })
  @ApiAcceptedResponse({ type: RevisionAccepted })
  @ApiConflictResponse({ description: 'The order is rejected, cancelled, or being changed' })
  @ApiTooManyRequestsResponse({ description: 'As many revisions of the order are open as may be' })
  revise(@Param() { id }: OrderParams, @Body() body: RevisionRequest): Promise<RevisionAccepted> {
    return this.revising.revise(id, body);
  }

  @Post('consent')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Says whether the customer pays the higher price that a revision asks for' })
  @ApiAcceptedResponse({ type: ConsentTaken })
  @ApiConflictResponse({
    description: 'This revision does not ask for this price now, or was answered otherwise; `asked` says what is asked',
  })
  consent(@Param() { id }: OrderParams, @Body() answer: ConsentRequest): Promise<ConsentTaken> {
    return this.revising.consent(id, answer);
  }
}
