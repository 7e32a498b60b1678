import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { HttpController } from '@palinode/service';
import { Authorizations } from './authorizations';
import { PaymentList, PaymentQuery } from './payment-messages';

@HttpController('payments')
export class PaymentsController {
  constructor(private readonly authorizations: Authorizations) {}

  @Get()
  @ApiOkResponse({ type: PaymentList })
  async list(@Query() { orderId }: PaymentQuery): Promise<PaymentList> {
    return { items: await this.authorizations.ofOrder(orderId) };
  }
}
