import { Module, type DynamicModule } from '@nestjs/common';
import { authorizePayment, capturePayment, refundPayment, reversePayment, voidPayment } from '@palinode/contracts';
import { ParticipantModule } from '@palinode/saga/participant';
import { databaseModule, handlerTimeoutOf, kafkaOf } from '@palinode/service';
import { Authorizations } from './authorizations/authorizations';
import { PaymentCommands } from './authorizations/payment-commands';
import { PaymentsController } from './authorizations/payments.controller';
import { CARD_GATEWAY } from './card-gateway/card-gateway';
import { FakeCardGateway, GatewayRecord } from './card-gateway/fake-card-gateway';
import { paymentMigrations } from './database/migrations';
import { Ledger } from './ledger/ledger';
import { LedgerController } from './ledger/ledger.controller';
import type { PaymentEnvironment } from './payment-environment';
import { RefundCommands } from './refunds/refund-commands';
import { Refunds } from './refunds/refunds';

@Module({})
export class PaymentModule {
  static with(environment: PaymentEnvironment): DynamicModule {
    return {
      module: PaymentModule,
      imports: [
        databaseModule({ environment, service: 'payment', migrations: paymentMigrations }),
        ParticipantModule.forRoot({
          service: 'payment',
          commands: [authorizePayment, voidPayment, capturePayment, refundPayment, reversePayment],
          kafka: kafkaOf(environment),
          handlerTimeout: handlerTimeoutOf(environment),
        }),
      ],
      controllers: [PaymentsController, LedgerController, PaymentCommands, RefundCommands],
      providers: [
        Authorizations,
        Ledger,
        Refunds,
        { provide: GatewayRecord, useFactory: () => new GatewayRecord(environment.CARD_GATEWAY_RECORD) },
        { provide: CARD_GATEWAY, useClass: FakeCardGateway },
      ],
    };
  }
}
