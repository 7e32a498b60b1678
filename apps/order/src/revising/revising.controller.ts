import { Body, Get, Headers, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiConflictResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { validKey } from '../idempotency/idempotent-request';
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
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Repeats the first answer for this order' })
  @ApiAcceptedResponse({ type: RevisionAccepted })
  @ApiConflictResponse({ description: 'The order is rejected, cancelled, or being changed' })
  @ApiTooManyRequestsResponse({ description: 'The order is at its limit of open revisions' })
  revise(
    @Param() { id }: OrderParams,
    @Body() body: RevisionRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RevisionAccepted> {
    return this.revising.revise(id, body, key === undefined ? undefined : validKey(key));
  }

  @Post('consent')
  @HttpCode(HttpStatus.ACCEPTED)
  @ApiOperation({ summary: 'Accepts or declines the higher price of a revision' })
  @ApiAcceptedResponse({ type: ConsentTaken })
  @ApiConflictResponse({
    description:
      'This revision does not ask for this price now, or was answered differently; `asked` names the price that needs consent',
  })
  consent(@Param() { id }: OrderParams, @Body() answer: ConsentRequest): Promise<ConsentTaken> {
    return this.revising.consent(id, answer);
  }
}
