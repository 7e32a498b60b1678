import { Controller } from '@nestjs/common';
import { HandleCommand } from '@palinode/saga/participant';
import { EntityManager } from 'typeorm';
import { CreateInvoice, createInvoice, OfOrder, voidInvoice } from '../contracts.js';

@Controller()
export class InvoiceCommands {
  @HandleCommand(createInvoice, { transaction: 'per-batch' })
  async create({ orderId, amountCents }: CreateInvoice, tx: EntityManager): Promise<void> {
    await tx.query(`INSERT INTO invoice VALUES ($1, $2, 'OPEN')`, [orderId, amountCents]);
  }

  @HandleCommand(voidInvoice, { transaction: 'per-batch' })
  async void({ orderId }: OfOrder, tx: EntityManager): Promise<void> {
    await tx.query(`UPDATE invoice SET status = 'VOID' WHERE order_id = $1`, [orderId]);
  }
}
