import { Body, Headers, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import { PROBLEM_CONTENT } from '@palinode/saga/http';
import { HttpController } from '@palinode/service';
import type { Response } from 'express';
import { OrderEnvironment } from '../order-environment';
import { Order } from '../orders/order-messages';
import type { OrderWait } from '../outages/order-wait';
import { Outages } from '../outages/outages';
import { OrderOutcomes, secondsToWait } from '../waiting/order-outcomes';
import { idempotentOrder } from './idempotent-order';
import { OrderPlacing, type PlacedOrder } from './order-placing';
import { OrderAccepted, type OrderLinks, OrderRequest } from './placing-messages';

const ROUTE = 'POST /orders';

@HttpController('orders')
export class PlacingController {
  constructor(
    private readonly placing: OrderPlacing,
    private readonly outcomes: OrderOutcomes,
    private readonly outages: Outages,
    private readonly environment: OrderEnvironment,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Places an order' })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'Repeats the first answer for 24 hours' })
  @ApiHeader({ name: 'Prefer', required: false, description: 'wait=N waits up to N (1 to 30) seconds for the outcome' })
  @ApiHeader({
    name: 'X-Saga-Fault',
    required: false,
    description: 'In development: injects a fault into this order, such as payment.capture=drop-reply',
  })
  @ApiAcceptedResponse({ type: OrderAccepted, description: 'The order is in progress' })
  @ApiOkResponse({ type: Order, description: 'The order, when it ended within the wait' })
  @ApiTooManyRequestsResponse({
    description: 'The shop cannot take more orders; nothing was ordered. Send the same request again after Retry-After',
    headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', example: 5 } } },
    content: PROBLEM_CONTENT,
  })
  async place(
    @Body() body: OrderRequest,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('prefer') prefer: string | undefined,
    @Headers('x-saga-fault') fault: string | undefined,
    @Res({ passthrough: true }) response: Response,
  ): Promise<OrderAccepted | Order> {
    const idempotent = key === undefined ? undefined : idempotentOrder(ROUTE, key, body);
    const placed = await this.placing.place(body, idempotent, fault);
    const seconds = secondsToWait(prefer);
    response.location(`/orders/${placed.orderId}`);
    if (seconds !== undefined) {
      response.setHeader('Preference-Applied', `wait=${seconds}`);
      const order = await this.outcomes.until(placed.orderId, seconds * 1_000, { perhapsEnded: placed.repeated });
      if (order) {
        response.status(200);
        return order;
      }
    }
    response.status(202);
    return accepted(placed, linksOf(placed, body.webhookUrl !== undefined, this.environment), this.outages.current);
  }
}

function accepted({ orderId, sagaId }: PlacedOrder, links: OrderLinks, waitsFor?: OrderWait): OrderAccepted {
  return { orderId, sagaId, status: 'PENDING', ...(waitsFor ? { waitsFor } : {}), links };
}

/** The links that follow the order: here, and step by step at the orchestrator. */
function linksOf(
  { orderId, sagaId }: PlacedOrder,
  hasWebhook: boolean,
  { PUBLIC_URL_ORCHESTRATOR: orchestrator }: OrderEnvironment,
): OrderLinks {
  const webhook = hasWebhook ? { webhookDeliveries: `/orders/${orderId}/webhook-deliveries` } : {};
  const saga = orchestrator === undefined ? {} : { saga: `${orchestrator}/v1/sagas/${sagaId}` };
  return { order: `/orders/${orderId}`, events: `/orders/${orderId}/events`, ...webhook, ...saga };
}
