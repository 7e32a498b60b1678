import { Controller } from '@nestjs/common';
import {
  OrderApproved,
  orderApproved,
  OrderCancelled,
  orderCancelled,
  OrderRejected,
  orderRejected,
  OrderRevised,
  orderRevised,
} from '@palinode/contracts';
import { eventOf, HandleEvent, subscriberOf } from '@palinode/saga/subscriber';
import { EntityManager } from 'typeorm';
import { generationOf } from '../generations/generations';
import { Sales } from './sales';

/** One method for each event that changes the reports. Each writes only rows of its own order. */
@Controller()
export class SalesEvents {
  constructor(private readonly sales: Sales) {}

  @HandleEvent(orderApproved)
  async approved(order: OrderApproved, tx: EntityManager): Promise<void> {
    await this.sales.approved(tx, generationOf(subscriberOf(tx)), order, dayOf(tx));
  }

  @HandleEvent(orderRevised)
  async revised(order: OrderRevised, tx: EntityManager): Promise<void> {
    await this.sales.revised(tx, generationOf(subscriberOf(tx)), order, dayOf(tx));
  }

  @HandleEvent(orderCancelled)
  async cancelled(order: OrderCancelled, tx: EntityManager): Promise<void> {
    await this.sales.cancelled(tx, generationOf(subscriberOf(tx)), order, dayOf(tx));
  }

  @HandleEvent(orderRejected)
  async rejected(order: OrderRejected, tx: EntityManager): Promise<void> {
    await this.sales.rejected(tx, generationOf(subscriberOf(tx)), order, dayOf(tx));
  }
}

/** The UTC day on which it happened. */
function dayOf(tx: EntityManager): string {
  return new Date(eventOf(tx).time).toISOString().slice(0, 10);
}
