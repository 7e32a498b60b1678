import type { INestApplication } from '@nestjs/common';
import { ConfigurationError } from '@palinode/saga/contract';
import { INSTANCE_NAME } from '@palinode/saga/participant';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createService, environmentOf, type ServiceOptions } from './create-service';
import { EnvironmentError } from './environment/read-environment';
import type { ServiceEnvironment } from './environment/service-environment';
import { explainListening } from './http/listening';
import { stopOnSignal } from './stop-on-signal';

/** Runs a service until it is stopped. A failed start ends the process with a message and code 1. */
export async function startService<Environment extends ServiceEnvironment>(
  options: ServiceOptions<Environment>,
): Promise<void> {
  let isStopping = (): boolean => false;
  try {
    const environment = environmentOf(options, process.env);
    const starting = createService(options, environment);
    isStopping = stopOnSignal(starting);
    const app = await starting;
    await serve(app, options, environment);
  } catch (error) {
    // An error during a stop is not a failed start.
    if (!isStopping()) giveUp(options.name, error);
  }
}

/** Starts its consumers, if any, and its HTTP server; resolves when both run. */
export async function serve<Environment extends ServiceEnvironment>(
  app: Pick<INestApplication, 'listen' | 'startAllMicroservices' | 'getHttpServer'>,
  { name, participant, subscriber, servesWithoutBroker }: ServiceOptions<Environment>,
  environment: Environment,
): Promise<void> {
  const consuming = participant || subscriber ? app.startAllMicroservices() : Promise.resolve();
  const answering = async (): Promise<void> => {
    if (!servesWithoutBroker) await consuming;
    await listen(app, environment);
    announce(app, name);
  };
  await Promise.all([consuming, answering()]);
}

/** Listens for HTTP as the environment says. Rejects with an EnvironmentError when it cannot. */
export async function listen(
  app: Pick<INestApplication, 'listen'>,
  { HOST: host, PORT: port }: Pick<ServiceEnvironment, 'HOST' | 'PORT'>,
): Promise<void> {
  await app.listen(port, host).catch((error: unknown) => explainListening(error, { host, port, variable: 'PORT' }));
}

function announce(app: Pick<INestApplication, 'getHttpServer'>, name: string): void {
  const { address, port } = (app.getHttpServer() as Server).address() as AddressInfo;
  console.log(
    JSON.stringify({ service: name, instance: INSTANCE_NAME, msg: 'listening', url: `http://${address}:${port}` }),
  );
}

function giveUp(name: string, error: unknown): never {
  const reason =
    error instanceof EnvironmentError || error instanceof ConfigurationError
      ? error.message
      : error instanceof Error
        ? error.stack
        : String(error);
  console.error(`The ${name} service cannot start: ${reason}`);
  process.exit(1);
}
