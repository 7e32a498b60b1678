import { type DynamicModule, type INestApplication, type InjectionToken, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { TerminusModule } from '@nestjs/terminus';
import { FieldProblem, ProblemDetails, ProblemFilter } from '@palinode/saga/http';
import { connectParticipant, ParticipantHealth } from '@palinode/saga/participant';
import { connectSubscriber, Subscriber } from '@palinode/saga/subscriber';
import helmet from 'helmet';
import { Logger, LoggerModule, type Params, PinoLogger } from 'nestjs-pino';
import { readEnvironment } from './environment/read-environment';
import { ServiceEnvironment } from './environment/service-environment';
import { faultsOnDemand } from './faults/faults-on-demand';
import { DatabaseCheck } from './health/database-check';
import { HealthController } from './health/health.controller';
import { HEALTH_PARTS, type HealthParts, type ReadinessChecks } from './health/readiness-check';
import { type Admission, applyAdmission } from './http/admission';
import { HttpConnections, type HttpLimits } from './http/http-connections';
import { acceptJson } from './http/json-body';
import { guardOrigin } from './http/request-origin';
import { logOptions } from './logging';

export interface ServiceOptions<Environment extends ServiceEnvironment = ServiceEnvironment> {
  readonly name: string;
  /** The class of its environment variables. @default ServiceEnvironment */
  readonly environment?: new () => Environment;
  /** The service's own module, made from its environment. */
  readonly module: (environment: Environment) => Type | DynamicModule;
  /** Whether it handles commands with a ParticipantModule. @default false */
  readonly participant?: boolean;
  /** Whether it handles events of other services with a SubscriberModule. @default false */
  readonly subscriber?: boolean;
  /**
   * Whether it serves HTTP without a broker also from its start. Otherwise it listens once its consumers have started.
   * @default false
   */
  readonly servesWithoutBroker?: boolean;
  /** Connects transports of its own, such as gRPC, before it listens. */
  readonly connect?: (app: INestApplication, environment: Environment) => void;
  /** What it needs to take requests beside its database; `/readyz` shows it. */
  readonly readiness?: ReadinessChecks;
  /** What handles its messages beside the participant and the subscriber; `/consumers` and `/readyz` show it. */
  readonly consumers?: ReadinessChecks;
  /** The admission that every HTTP request passes before its body is read. */
  readonly admission?: InjectionToken<Admission>;
}

/** Reads the service's environment. Throws an EnvironmentError that names each variable that is missing or wrong. */
export function environmentOf<Environment extends ServiceEnvironment>(
  { environment }: Pick<ServiceOptions<Environment>, 'environment'>,
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  // Without a class of its own a service uses ServiceEnvironment.
  return readEnvironment(environment ?? (ServiceEnvironment as new () => Environment), variables);
}

/** The application of a service, ready to listen. */
export async function createService<Environment extends ServiceEnvironment>(
  {
    name,
    module,
    participant = false,
    subscriber = false,
    servesWithoutBroker = false,
    connect,
    readiness = {},
    consumers = {},
    admission,
  }: ServiceOptions<Environment>,
  environment: Environment,
): Promise<NestExpressApplication> {
  const health: HealthParts = {
    readiness: { database: DatabaseCheck, ...readiness },
    consumers: {
      ...(participant ? { participant: ParticipantHealth } : {}),
      ...(subscriber ? { subscriber: Subscriber } : {}),
      ...consumers,
    },
    servesWithoutBroker,
  };
  const faults = await faultsOnDemand(name, environment);
  const logging = logOptions(name, environment);
  const root = ServiceModule.wrap({ module: module(environment), logging, health, faults });
  const app = await NestFactory.create<NestExpressApplication>(root, new HttpConnections(httpLimitsOf(environment)), {
    bodyParser: false,
    logger: new Logger(new PinoLogger(logging), logging),
    abortOnError: false,
  });
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  guardOrigin(app, { host: environment.HOST, allowed: environment.ALLOWED_HOSTS });
  if (admission !== undefined) applyAdmission(app, admission);
  acceptJson(app);
  app.useGlobalFilters(new ProblemFilter());
  describeApi(app, name);
  if (participant) connectParticipant(app);
  if (subscriber) connectSubscriber(app);
  connect?.(app, environment);
  return app;
}

function httpLimitsOf(environment: ServiceEnvironment): HttpLimits {
  return {
    connections: environment.HTTP_CONNECTIONS,
    keepAliveMs: environment.HTTP_KEEP_ALIVE_MS,
    headersMs: environment.HTTP_HEADERS_MS,
    requestMs: environment.HTTP_REQUEST_MS,
  };
}

/** Serves the OpenAPI document at `/openapi.json` and its page at `/docs`. */
function describeApi(app: INestApplication, service: string): void {
  const about = new DocumentBuilder()
    .setTitle(`Palinode ${service} API`)
    .setDescription(`The HTTP API of the ${service} service. Every error is answered with problem details (RFC 9457).`)
    .setVersion('1')
    .build();
  SwaggerModule.setup(
    'docs',
    app,
    () => SwaggerModule.createDocument(app, about, { extraModels: [ProblemDetails, FieldProblem] }),
    {
      jsonDocumentUrl: 'openapi.json',
    },
  );
}

interface ServiceModuleOptions {
  readonly module: Type | DynamicModule;
  readonly logging: Params;
  readonly health: HealthParts;
  /** Empty when fault injection is off. */
  readonly faults: readonly DynamicModule[];
}

/** Wraps a service's own module with logging and health. */
@Module({})
class ServiceModule {
  static wrap({ module, logging, health, faults }: ServiceModuleOptions): DynamicModule {
    return {
      module: ServiceModule,
      // The health check logs nothing: it is asked every few seconds, and each part logs its own problem.
      imports: [LoggerModule.forRoot(logging), TerminusModule.forRoot({ logger: false }), ...faults, module],
      controllers: [HealthController],
      providers: [DatabaseCheck, { provide: HEALTH_PARTS, useValue: health }],
    };
  }
}
