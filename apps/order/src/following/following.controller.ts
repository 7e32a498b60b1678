import { Get, Headers, Param, Req, Res } from '@nestjs/common';
import {
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiServiceUnavailableResponse,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { EVENT_STREAM_HEADERS } from '@palinode/saga/http';
import { HttpController, invalidRequest, notFound } from '@palinode/service';
import type { Request, Response } from 'express';
import { isUnderWay, OrderParams } from '../orders/order-messages';
import { Orders } from '../orders/orders';
import { EventStreams } from './event-streams';

@HttpController('orders')
export class FollowingController {
  constructor(
    private readonly orders: Orders,
    private readonly streams: EventStreams,
  ) {}

  @Get(':id/events')
  @ApiOperation({
    summary: 'Follows an order by server-sent events until it is settled',
    description:
      'Each event has the number of the event as its id, what happened as its name (placed, approved, rejected …), and JSON as its data. A client that was cut off sends the last id that it has seen and misses none.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Begins after the event with this id' })
  @ApiOkResponse({ description: 'The events', content: { 'text/event-stream': { schema: { type: 'string' } } } })
  @ApiNoContentResponse({ description: 'The order is settled and the client has all its events: do not reconnect' })
  @ApiTooManyRequestsResponse({ description: 'The order or the customer is at its limit of streams' })
  @ApiServiceUnavailableResponse({ description: 'Too many streams are open; see Retry-After' })
  async follow(
    @Param() { id: orderId }: OrderParams,
    @Headers('last-event-id') last: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const seen = lastEventId(last);
    const order = await this.orders.find(orderId);
    if (order === undefined) throw notFound(`The order ${orderId}`);
    const seq = Math.min(seen, order.revision);
    if (seq === order.revision && !isUnderWay(order.status)) {
      response.status(204).end();
      return;
    }
    const { customerId } = order;
    this.streams.assertRoom({ orderId, customerId });
    if (request.method === 'HEAD') {
      // Nest routes HEAD here, too; a stream without a body would be silent until the order is settled.
      response.writeHead(200, EVENT_STREAM_HEADERS).end();
      return;
    }
    this.streams.follow({ orderId, customerId, seq }, response);
  }
}

/** Parses the number of the last event that a client has seen; 0 for a new client. */
function lastEventId(header: string | undefined): number {
  if (header === undefined || header === '') return 0;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  throw invalidRequest([{ field: 'Last-Event-ID', problem: 'must be the id of an event of this stream' }]);
}
