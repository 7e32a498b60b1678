import type { DynamicModule, INestApplication, InjectionToken, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ProblemFilter } from '@palinode/saga/http';
import { connectParticipant, ParticipantHealth } from '@palinode/saga/participant';
import { connectSubscriber, Subscriber } from '@palinode/saga/subscriber';
import helmet from 'helmet';
import { Logger, PinoLogger } from 'nestjs-pino';
import { readEnvironment } from './environment/read-environment';
import { ServiceEnvironment } from './environment/service-environment';
import type { ReadinessChecks } from './health/readiness-check';
import { faultsOnDemand } from './faults/faults-on-demand';
import { guardDoor, type Door } from './http/door';
import { HttpConnections, type HttpLimits } from './http/http-connections';
import { acceptJson } from './http/json-body';
import { describeApi } from './http/open-api';
import { guardOrigin } from './http/request-origin';
import { logOptions } from './log-options';
import { ServiceModule } from './service-module';

export interface ServiceOptions<Environment extends ServiceEnvironment = ServiceEnvironment> {
  readonly name: string;
  /** What it is told by environment variables. @default ServiceEnvironment */
  readonly environment?: new () => Environment;
  /** The service's own module, made from its environment. */
  readonly module: (environment: Environment) => Type | DynamicModule;
  /** Whether it handles commands, and so has a ParticipantModule. @default false */
  readonly participant?: boolean;
  /** Whether it handles events of other services, and so has a SubscriberModule. @default false */
  readonly subscriber?: boolean;
  /**
   * Whether it answers HTTP while the broker is away, also when it starts then; `readiness` has to say then what it can do
   * without one. Otherwise it listens once its consumers have begun. @default false
   */
  readonly servesWithoutBroker?: boolean;
  /** Connects transports of its own, such as gRPC, before it listens. */
  readonly connect?: (app: INestApplication, environment: Environment) => void;
  /** What else `/readyz` asks beside the participant and the subscriber, if it is one. */
  readonly readiness?: ReadinessChecks;
  /** Who is asked first about every HTTP request, before its body is read. */
  readonly door?: InjectionToken<Door>;
}

/** What these variables tell the service. Throws an EnvironmentError that names each one that is missing or wrong. */
export function environmentOf<Environment extends ServiceEnvironment>(
  { environment }: Pick<ServiceOptions<Environment>, 'environment'>,
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  // A service that names no class of its own takes what every service is told.
  return readEnvironment(environment ?? (ServiceEnvironment as new () => Environment), variables);
}

/** The application of a service, ready to listen. */
export async function createService<Environment extends ServiceEnvironment>(
  { name, module, participant = false, subscriber = false, connect, readiness = {}, door }: ServiceOptions<Environment>,
  environment: Environment,
): Promise<NestExpressApplication> {
  const checks: ReadinessChecks = {
    ...(participant ? { participant: ParticipantHealth } : {}),
    ...(subscriber ? { subscriber: Subscriber } : {}),
    ...readiness,
  };
  const faults = await faultsOnDemand(name, environment);
  const logging = logOptions(name, environment);
  const root = ServiceModule.around({ module: module(environment), logging, readiness: checks, faults });
  const app = await NestFactory.create<NestExpressApplication>(root, new HttpConnections(httpLimitsOf(environment)), {
    bodyParser: false,
    logger: new Logger(new PinoLogger(logging), logging),
    abortOnError: false,
  });
  app.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } }));
  guardOrigin(app, { host: environment.HOST, allowed: environment.ALLOWED_HOSTS });
  if (door !== undefined) guardDoor(app, door);
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
