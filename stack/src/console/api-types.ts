/* The types of the console's API clients, made from the OpenAPI documents of the services that it calls. */
import { Logger, Module, type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { FaultsModule } from '@palinode/saga/faults';
import { FieldProblem, ProblemDetails } from '@palinode/saga/http';
import { ServiceEnvironment } from '@palinode/service';
import openapiTypeScript, { astToString } from 'openapi-typescript';
import { InventoryEnvironment } from '../../../apps/inventory/src/inventory-environment';
import { InventoryModule } from '../../../apps/inventory/src/inventory.module';
import { OrchestratorAppModule } from '../../../apps/orchestrator/src/orchestrator-app.module';
import { OrchestratorEnvironment } from '../../../apps/orchestrator/src/orchestrator-environment';
import { OrderEnvironment } from '../../../apps/order/src/order-environment';
import { orderService } from '../../../apps/order/src/order-service';
import { PaymentEnvironment } from '../../../apps/payment/src/payment-environment';
import { PaymentModule } from '../../../apps/payment/src/payment.module';

const FOLDER = 'apps/console/src/api/generated';

const head = (service: string): string =>
  `// Made by \`npm run console:types\` from the OpenAPI document of ${service}. Do not edit.\n\n`;

/** Servers that are never connected to: an application in preview creates no providers. */
const nowhere = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', KAFKA_BROKERS: ['127.0.0.1:1'] };

export interface ApiTypes {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
}

/** The files of types as they should be. */
export async function consoleApiTypes(): Promise<ApiTypes[]> {
  // TypeORM warns of several data sources in one process.
  Logger.overrideLogger(false);
  const faults = FaultsModule.forRoot({
    service: 'orchestrator',
    databaseUrl: nowhere.DATABASE_URL,
    url: 'http://127.0.0.1:1',
  });
  const apis = {
    orchestrator: Both.of(OrchestratorAppModule.with(withDefaults(OrchestratorEnvironment)), faults),
    order: orderService.module(withDefaults(OrderEnvironment)),
    inventory: InventoryModule.with(withDefaults(InventoryEnvironment)),
    payment: PaymentModule.with(withDefaults(PaymentEnvironment)),
  };
  return Promise.all(
    Object.entries(apis).map(async ([service, module]) => ({
      file: `${FOLDER}/${service}-api.ts`,
      text: head(service) + (await typesOf(module)),
    })),
  );
}

async function typesOf(module: Type | DynamicModule): Promise<string> {
  const app = await NestFactory.create(module, { preview: true, logger: false, abortOnError: false });
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    extraModels: [ProblemDetails, FieldProblem],
  });
  return astToString(await openapiTypeScript(JSON.parse(JSON.stringify(document)) as never, { alphabetize: true }));
}

function withDefaults<E extends ServiceEnvironment>(environment: new () => E): E {
  return Object.assign(new environment(), nowhere);
}

@Module({})
class Both {
  static of(...imports: DynamicModule[]): DynamicModule {
    return { module: Both, imports };
  }
}
